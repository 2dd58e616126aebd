"""What a site gets that has the former indexes of cases."""

import frappe

from cronus_crm.patches.v0_9 import replace_indexes_of_cases

TABLE = replace_indexes_of_cases.TABLE
NEW = ("ratings_asked", "answers_of_team", "answers_of_customer")


def test_former_indexes_are_replaced(site):
	frappe.db.sql_ddl(f"alter table `{TABLE}` add index `rated` (rating_asked_on)")
	for name in NEW:
		frappe.db.sql_ddl(f"alter table `{TABLE}` drop index `{name}`")
	replace_indexes_of_cases.execute()
	assert not frappe.db.has_index(TABLE, "rated")
	assert all(frappe.db.has_index(TABLE, name) for name in NEW)
