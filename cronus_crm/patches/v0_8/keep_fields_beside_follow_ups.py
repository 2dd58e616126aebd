"""The follow-ups of a prospect no longer have a tab of their own: they stand in the first one, below the
contact data. Fields that a site has added behind the tab stay beside the follow-ups, and what it changed of
the tab goes."""

import frappe

_TAB, _LAST_FIELD = "follow_ups_tab", "follow_ups_html"


def execute():
	about = {"dt": "Cronus Prospect", "insert_after": _TAB}
	for name in frappe.get_all("Custom Field", about, pluck="name", order_by="name asc"):
		frappe.db.set_value("Custom Field", name, "insert_after", _LAST_FIELD)
	frappe.db.delete("Property Setter", {"doc_type": "Cronus Prospect", "field_name": _TAB})
	frappe.clear_cache(doctype="Cronus Prospect")
