import frappe

from cronus_crm.patches.v0_7 import begin_week_by_country

SETTINGS, FIELD = "System Settings", "first_day_of_the_week"


def weekday_after(country: str, weekday: str = "Sunday") -> str:
	frappe.db.set_single_value(SETTINGS, {"country": country, FIELD: weekday})
	frappe.db.set_default(FIELD, weekday)
	begin_week_by_country.execute()
	assert frappe.db.get_default(FIELD) == frappe.db.get_single_value(SETTINGS, FIELD)
	return frappe.db.get_default(FIELD)


def test_a_site_of_ecuador_begins_its_week_on_monday_unless_somebody_has_chosen():
	frappe.db.delete("Version", {"ref_doctype": SETTINGS})
	assert weekday_after("Ecuador") == "Monday"
	assert weekday_after("Brazil", "Monday") == "Sunday"
	assert weekday_after("", "Wednesday") == "Wednesday"
	frappe.get_doc(
		{
			"doctype": "Version",
			"ref_doctype": SETTINGS,
			"docname": SETTINGS,
			"data": frappe.as_json({"changed": [[FIELD, "Monday", "Sunday"]]}),
		}
	).insert()
	assert weekday_after("Ecuador") == "Sunday"
