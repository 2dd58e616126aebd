"""The filters of the reports of cases: period, team, customer."""

from dataclasses import dataclass
from datetime import date

from cronus_crm.base import period
from cronus_crm.base.arguments import read_filter_values


@dataclass(frozen=True)
class CaseFilters:
	"""from_date, to_date: the period, both included. team, customer: None for all."""

	from_date: date
	to_date: date
	team: str | None = None
	customer: str | None = None


def read_case_filters(filters: dict | None, days: int) -> CaseFilters:
	"""Reads the filters from_date, to_date, team and customer of a report.

	days: length of the default period, which ends today.

	Raises frappe.ValidationError for a period that ends before it begins, and for values that are none.
	"""
	read = read_filter_values(filters)
	from_date, to_date = period.read_period(read.from_date, read.to_date, days)
	return CaseFilters(from_date, to_date, read.team or None, read.customer or None)
