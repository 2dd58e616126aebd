"""A load that ends in the middle, and the next one."""

from pathlib import Path

import frappe
import pytest

from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.demo import past_documents, pipeline

FOLDER = str(Path(__file__).parent / "test_data" / "us")


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
