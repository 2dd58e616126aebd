"""Hooks of the service module: cases."""

_counter = "cronus_crm.base.name_counters.ensure_counter_of_document"

doc_events = {"Cronus Case": {"before_naming": _counter}}
