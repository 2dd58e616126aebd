"""Hooks of the service module: cases."""

_counter = "cronus_crm.base.name_counters.ensure_counter_of_document"

doc_events = {"Cronus Case": {"before_naming": _counter}}

scheduler_events = {
	"cron": {"*/5 * * * *": ["cronus_crm.cronus_service.promises.promise_notices.tell_due"]},
}
