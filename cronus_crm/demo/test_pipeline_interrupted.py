"""A load that ends in the middle, and the next one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.demo import past_documents, pipeline

FOLDER = str(Path(__file__).parent / "test_data" / "us")

TIMES = 10


class Killed(BaseException):
	"""Ends a run where nothing of it catches it, as the end of the process does."""


@contextmanager
def killed_at_write(number: int) -> Iterator[None]:
	"""Context in which the statement that writes for the `number`th time ends the run, before it is sent."""
	sql, written = frappe.db.sql, 0

	def counted(query, *args, **kwargs):
		nonlocal written
		if str(query).lstrip().lower().startswith(("insert", "update", "delete")):
			written += 1
			if written == number:
				raise Killed
		return sql(query, *args, **kwargs)

	with pytest.MonkeyPatch.context() as patch:
		patch.setattr(frappe.db, "sql", counted)
		yield


def test_runs_that_are_killed_while_they_write_end_as_one_that_was_not(monkeypatch, no_commit):
	frappe.db.set_single_value("Cronus CRM Settings", "currency", "USD")
	monkeypatch.setattr(pipeline, "DEALS_PER_TRANSACTION", 5)
	proformas, invoices = frappe.db.count("Proforma"), frappe.db.count("Invoice")
	for number in range(1, TIMES + 1):
		with pytest.raises(Killed), killed_at_write(30 + 17 * number):
			pipeline.load_pipeline(FOLDER, "mdy")
		frappe.db.rollback()
	summary = pipeline.load_pipeline(FOLDER, "mdy")
	assert (summary.won, summary.lost, summary.open, summary.amount_won) == (46, 26, 30, 156257.0)
	assert frappe.db.count("Proforma") - proformas == 82
	assert frappe.db.count("Invoice") - invoices == 46
	assert list(verify.find_differences()) == []


def test_an_interrupted_run_goes_on_where_it_was(monkeypatch, no_commit):
	"""Interrupted within a deal: after its proforma, before its invoice."""
	frappe.db.set_single_value("Cronus CRM Settings", "currency", "USD")
	monkeypatch.setattr(pipeline, "DEALS_PER_TRANSACTION", 10)
	issue, calls = past_documents.issue_invoice, []

	def interrupted(*args, **kwargs):
		calls.append(args)
		if len(calls) == 20:
			raise KeyboardInterrupt
		return issue(*args, **kwargs)

	monkeypatch.setattr(past_documents, "issue_invoice", interrupted)
	proformas, invoices = frappe.db.count("Proforma"), frappe.db.count("Invoice")
	with pytest.raises(KeyboardInterrupt):
		pipeline.load_pipeline(FOLDER, "mdy")
	assert not frappe.flags.in_import
	# The end of the process takes away what was not committed.
	frappe.db.rollback()
	written = frappe.db.count("Cronus Opportunity", {"external_key": ("is", "set")})
	assert written and written % 10 == 0

	summary = pipeline.load_pipeline(FOLDER, "mdy")
	assert summary.loaded == 102 - written
	assert (summary.won, summary.lost, summary.open, summary.amount_won) == (46, 26, 30, 156257.0)
	assert frappe.db.count("Proforma") - proformas == 82
	assert frappe.db.count("Invoice") - invoices == 46
	assert list(verify.find_differences()) == []
	assert frappe.db.get_value("Invoice", "FAC-1C1I7A6R", "posting_date").isoformat() == "2017-03-01"
