import frappe

from cronus_crm.patches.v0_8 import keep_fields_beside_follow_ups
from tests.scaffold import unique


def test_a_field_behind_the_tab_stays_beside_the_follow_ups():
	fieldname = unique("field").lower().replace("-", "_")
	field = {"dt": "Cronus Prospect", "fieldname": fieldname, "insert_after": "follow_ups_tab"}
	# Not inserted: that would change the table, which no rollback undoes.
	custom_field = frappe.get_doc({"doctype": "Custom Field", "fieldtype": "Data", "label": "x", **field})
	custom_field.name = f"Cronus Prospect-{fieldname}"
	custom_field.db_insert()
	setter = {"doc_type": "Cronus Prospect", "field_name": "follow_ups_tab", "property": "label"}
	changed = frappe.get_doc({"doctype": "Property Setter", "doctype_or_field": "DocField", **setter})
	changed.name = f"Cronus Prospect-{fieldname}-label"
	changed.db_insert()
	for _time in range(2):
		keep_fields_beside_follow_ups.execute()
	assert frappe.db.get_value("Custom Field", custom_field.name, "insert_after") == "follow_ups_html"
	assert not frappe.db.exists("Property Setter", setter)
	frappe.db.rollback()
	frappe.clear_cache(doctype="Cronus Prospect")
