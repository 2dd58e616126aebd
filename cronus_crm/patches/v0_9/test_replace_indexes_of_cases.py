"""What a site gets that has the former indexes of cases."""

import frappe

from cronus_crm.patches.v0_9 import replace_indexes_of_cases

TABLE = replace_indexes_of_cases.TABLE


def test_former_indexes_are_replaced(site):
	frappe.db.sql_ddl(f"alter table `{TABLE}` add index `rated` (rating_asked_on)")
	frappe.db.sql_ddl(f"alter table `{TABLE}` drop index `ratings_asked`")
	replace_indexes_of_cases.execute()
	assert not frappe.db.has_index(TABLE, "rated")
	assert frappe.db.has_index(TABLE, "ratings_asked")
