"""Hooks of the exchange: an import whose worker is gone is taken up again."""

scheduler_events = {"cron": {"*/5 * * * *": ["cronus_crm.cronus_exchange.running.tasks.resume_silent"]}}
