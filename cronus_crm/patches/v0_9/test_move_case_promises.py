"""What a site gets that has counted promises of cases among their totals."""

from datetime import date, timedelta

import frappe

from cronus_crm.cronus_analytics.cases import case_recount, case_times, service_figures
from cronus_crm.cronus_analytics.cases.case_totals import TOTAL, Row
from cronus_crm.cronus_analytics.ledger.totals import MONTH
from cronus_crm.cronus_service.promises.case_promises import FIRST_ANSWER
from cronus_crm.patches.v0_9 import make_table_of_case_times, move_case_promises
from tests.scaffold import make_customer, unique


def test_promises_are_counted_anew_beside_the_times_and_leave_the_totals(site):
	drops = ", ".join(f"drop column `{column}`" for column in case_times.PROMISE_COLUMNS.values())
	frappe.db.sql_ddl(f"alter table `__cronus_case_times` {drops}")
	make_table_of_case_times.execute()
	team = frappe.get_doc({"doctype": "Cronus Service Team", "team_name": unique("Team")}).insert().name
	case = frappe.get_doc(
		{"doctype": "Cronus Case", "subject": "Fault", "customer": make_customer().name, "team": team}
	).insert()
	due = case.opened_on - timedelta(hours=1)
	frappe.db.set_value("Cronus Case", case.name, {"first_answer_state": "Missed", "first_answer_due": due})
	old = Row(move_case_promises.MEASURES[0], MONTH, date(2019, 3, 1), team, "", "Missed")
	frappe.db.bulk_insert(TOTAL, ["name", *Row._fields, "number"], [(old.name, *old, 7)])
	move_case_promises.execute()
	assert not frappe.db.exists(TOTAL, {"measure": ("like", "%promise%")})
	found = service_figures.read_times("type", date(2000, 1, 1), date(2100, 12, 31), team)
	assert found[""][FIRST_ANSWER].missed == 1
	assert list(case_recount.find_differences()) == []
