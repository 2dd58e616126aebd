"""What a site gets that has counted times of cases among their totals."""

from datetime import date

import frappe

from cronus_crm.cronus_analytics.cases import case_recount, case_times, service_figures
from cronus_crm.cronus_analytics.cases.case_totals import TIME_MEASURES, TOTAL, Row
from cronus_crm.cronus_analytics.ledger.totals import MONTH
from cronus_crm.cronus_service.promises.case_promises import SOLUTION
from cronus_crm.patches.v0_9 import make_table_of_case_times, move_case_times
from tests.scaffold import make_customer, unique


def test_times_are_counted_anew_and_leave_the_totals(site):
	make_table_of_case_times.execute()
	team = frappe.get_doc({"doctype": "Cronus Service Team", "team_name": unique("Team")}).insert().name
	case = frappe.get_doc(
		{"doctype": "Cronus Case", "subject": "Fault", "customer": make_customer().name, "team": team}
	).insert()
	case.update({"state": "Solved"}).save()
	frappe.qb.from_(case_times.TIMES_TABLE).delete().run()
	old = Row(TIME_MEASURES[0], MONTH, date(2019, 3, 1), team, "", "5")
	frappe.db.bulk_insert(TOTAL, ["name", *Row._fields, "number"], [(old.name, *old, 7)])
	move_case_times.execute()
	assert not frappe.db.exists(TOTAL, {"measure": ("in", TIME_MEASURES)})
	found = service_figures.read_times("type", date(2000, 1, 1), date(2100, 12, 31), team)
	assert found[""][SOLUTION].number == 1
	assert list(case_recount.find_differences()) == []
