"""Hooks of the base. See `part_hooks.py`."""

_documents = "cronus_crm.base.sales_documents"

# Registered for every DocType, because any app may register commercial documents (see `sales_documents.py`),
# and because each of ours can be merged.
doc_events = {
	"*": {
		"on_submit": f"{_documents}.on_submit",
		"before_discard": "cronus_crm.base.discarded_drafts.before_discard",
		"on_change": "cronus_crm.base.present_records.forget_version",
		"on_cancel": f"{_documents}.on_cancel",
		"on_update_after_submit": f"{_documents}.on_update_after_submit",
		"after_rename": "cronus_crm.base.merged_tags.after_rename",
	},
	"System Settings": {
		"validate": [
			"cronus_crm.base.week_start.on_country_change",
			"cronus_crm.base.country_formats.on_country_change",
		],
		"on_update": "cronus_crm.base.site_clock.on_settings_update",
	},
	"Notification Log": {"before_insert": "cronus_crm.base.notices.write_in_language_of_reader"},
	"ToDo": {"before_insert": "cronus_crm.base.notices.name_assigned_document"},
	"User": {"after_rename": "cronus_crm.base.idempotency.on_user_rename"},
}
after_migrate = ["cronus_crm.base.site_clock.after_migrate"]

# Every database connection needs this setting: see `lock_waits.py`.
before_request = ["cronus_crm.base.lock_waits.prepare_request"]
before_job = ["cronus_crm.base.lock_waits.disable_snapshot_isolation"]
auth_hooks = ["cronus_crm.base.request_language.use_user_language"]
default_log_clearing_doctypes = {"Cronus Idempotent Request": 30}  # days
# What print formats put into a page: the filter `as_html`.
jinja = {"filters": ["cronus_crm.base.phone_texts.show_phones", "cronus_crm.base.texts.as_html"]}
