"""Which rows of the totals of cases a figure is summed from: those of its period, as far as the session's
user may see them. Both tables of totals have `measure`, `grain`, `period` and `team`."""

from collections.abc import Iterable

from frappe.query_builder import Criterion
from pypika import Table

from cronus_crm.cronus_analytics.ledger.totals import PeriodPart
from cronus_crm.cronus_service.promises.case_promises import CASE
from cronus_crm.visibility import rule


def build_period(total: Table, parts: Iterable[PeriodPart]) -> Criterion:
	"""The criterion of the rows of some parts of a period, whatever their sign."""
	return Criterion.any(
		(total.grain == part.grain) & total.period[part.begins : part.ends] for part in parts
	)


def build_scope(total: Table) -> Criterion:
	"""The criterion of the rows that the session's user may see: of all teams or, for who works on the cases
	of their teams only, of those. Who sees cases as a seller is not shown any."""
	scope = rule.get_scope(CASE)
	if scope.everything:
		return total.team.notnull()
	return total.team.isin(list(scope.teams)) if scope.teams else total.measure.isnull()
