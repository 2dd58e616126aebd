"""Changes that no person makes on the form: documents give an opportunity its value, an invoice wins it, and
re-evaluation reopens a lost, closed or stalled one.

An opportunity whose value nobody has entered is worth its issued documents: those that bear it, and were not
made from others that do.

When an invoice is issued for a proforma of an opportunity, the opportunity is won in the transaction of the
invoice; when the invoice is cancelled, it returns to its former stage. Only an opportunity that an invoice
has won returns: one that a person has closed is not changed.
"""

from collections.abc import Collection
from itertools import chain

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, flt, getdate

from cronus_crm.base import sales_documents
from cronus_crm.base.arguments import read_mapping
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.present_records import get_settings
from cronus_crm.base.sales_documents import INVOICE, Key, SalesDocument
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, STATES_IN_COURSE


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: its opportunity may take its value, and an invoice wins the opportunities
	of the documents that it was made from."""
	_add_to_value(document, origins, document.amount)
	if document.kind == INVOICE:
		win_opportunities({one.opportunity for one in (document, *origins) if one.opportunity}, document)


def win_opportunities(names: Collection[str], invoice: SalesDocument) -> None:
	"""Wins opportunities by an invoice, as far as they exist and where the settings say so."""
	if not names or not _invoices_win_opportunities():
		return
	existing = [name for name in sorted(names) if frappe.db.exists(OPPORTUNITY, name)]
	stage = existing and find_first_stage("Won")
	if not stage:
		return  # without a stage *Won* the invoice is issued all the same
	# In the order of their names, in which everybody locks them.
	for name in existing:
		opportunity = frappe.get_doc(OPPORTUNITY, name, for_update=True)
		if opportunity.state != "Won":
			opportunity.win_by_invoice(_build_document_key(invoice), stage, on=invoice.posting_date)


def _add_to_value(document: SalesDocument, origins: list[SalesDocument], amount: float) -> None:
	"""Adds an amount, in the company's currency, to the value of a document's opportunity, where that comes
	from its documents. What was made from a document of the same opportunity is in its value already."""
	name = document.opportunity
	if name and all(origin.opportunity != name for origin in origins):
		add_to_value(name, amount)


def add_to_value(name: str, amount: float) -> None:
	"""Adds an amount, in the company's currency, to the value of an opportunity, where that comes from its
	documents."""
	known = frappe.db.get_value(OPPORTUNITY, name, ["value", "valued_by_documents"], as_dict=True)
	if not known or (known.value and not known.valued_by_documents):
		return
	opportunity = frappe.get_doc(OPPORTUNITY, name, for_update=True)
	if opportunity.takes_value_of_documents():
		opportunity.add_value_of_documents(amount)


def apply_prospect_documents(name: str, documents: list[SalesDocument]) -> None:
	"""Gives an opportunity the value of the documents of its prospect, and wins it when one is an invoice.

	name: of the opportunity. documents: those of the prospect, with those made from them; oldest first.
	"""
	issued = [document for document in documents if document.issued]
	linked = {(document.doctype, document.name) for document in issued if document.opportunity == name}
	if not linked:
		return
	opportunity = frappe.get_doc(OPPORTUNITY, name, for_update=True)
	amount = sum(
		document.amount
		for document in issued
		if (document.doctype, document.name) in linked and not linked & set(document.origins)
	)
	if amount and opportunity.takes_value_of_documents() and not flt(opportunity.value):
		opportunity.add_value_of_documents(amount)
	invoices = [d for d in issued if d.kind == INVOICE and linked & set(d.origins)]
	stage = find_first_stage("Won")
	if invoices and stage and opportunity.state != "Won" and _invoices_win_opportunities():
		first = invoices[0]
		opportunity.win_by_invoice(_build_document_key(first), stage, on=first.posting_date)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: reopens the opportunities that the invoice has won, unless another issued
	invoice of them exists; the value that a document has given is taken back."""
	_add_to_value(document, origins, -document.amount)
	if document.kind == INVOICE:
		take_back_wins(document, {document.key})


def take_back_wins(invoice: SalesDocument, gone: Collection[Key], kept: Collection[str] = ()) -> None:
	"""Reopens the opportunities that an invoice has won, unless another issued invoice of them exists.

	gone: the invoices that count no more, that one among them. kept: opportunities that it goes on to win.
	"""
	won = {"won_by": _build_document_key(invoice), "state": "Won"}
	for name in frappe.get_all(OPPORTUNITY, filters=won, pluck="name", order_by="name asc"):
		if name in kept:
			continue
		opportunity = frappe.get_doc(OPPORTUNITY, name, for_update=True)
		if other := _find_other_invoice(name, gone):
			opportunity.db_set("won_by", other)
		else:
			opportunity.undo_win_by_invoice(without_history=find_first_stage(*STATES_IN_COURSE[OPPORTUNITY]))


def on_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of every DocType: opportunities bear the new name of the invoice that won them."""
	if doc.doctype in sales_documents.registered_doctypes():
		won = {"won_by": f"{doc.doctype}/{old}"}
		frappe.db.set_value(OPPORTUNITY, won, "won_by", f"{doc.doctype}/{new}", update_modified=False)


def find_opening_stage() -> str:
	"""The stage of new opportunities. Raises frappe.ValidationError if no stage in use is open."""
	stage = find_first_stage("Open")
	if not stage:
		frappe.throw(_("There is no stage in which an opportunity is open. An administrator can add one."))
	return stage


def find_first_stage(*states: str) -> str | None:
	"""The first enabled stage, in the order of the funnel, with one of these states; None without any."""
	return frappe.db.get_value(
		"Cronus Stage", {"state": ("in", states), "disabled": 0}, order_by="position asc, name asc"
	)


def _invoices_win_opportunities() -> bool:
	return bool(cint(get_settings().win_on_invoice))


def _build_document_key(document: SalesDocument) -> str:
	return f"{document.doctype}/{document.name}"


def _find_other_invoice(opportunity: str, gone: Collection[Key]) -> str | None:
	"""Key, "doctype/name", of the oldest issued invoice of an opportunity that is not gone, or None.

	The invoices come from the functions of the hook `cronus_opportunity_invoices`, which take the name of the
	opportunity and return (doctype, name) of its issued invoices, oldest first.
	"""
	invoices: list[Key] = list(chain.from_iterable(call_hooks("cronus_opportunity_invoices", opportunity)))
	others = (key for key in invoices if key not in gone)
	return next(("/".join(key) for key in others), None)


def reevaluate_opportunity(
	opportunity: str, stage: str, reason: str, next_activity: dict | str | None = None
) -> str | None:
	"""Reopens an opportunity that was not won, was closed or is stalled.

	stage: an enabled stage in course; of a stalled opportunity also its present one. reason: what has
	changed, plain text. next_activity: `subject`, `activity_type`, `starts_on` and optionally `all_day` and
	`notes` of an activity to plan. A comment on the opportunity records how it had ended and why it goes on.

	Returns the name of the planned activity, or None. Raises frappe.PermissionError without the right to
	write the opportunity, frappe.ValidationError if it is won or in course and not stalled, or if the stage
	is not in course.
	"""
	doc = frappe.get_doc(OPPORTUNITY, opportunity, for_update=True)
	doc.check_permission("write")
	_check_reevaluation(doc, stage, reason)
	comment = _build_history_comment(doc, stage, reason)
	doc.reevaluate(stage, reason.strip())
	doc.add_comment("Comment", comment)
	return _create_next_activity(doc, read_mapping(next_activity, "next_activity")) if next_activity else None


def _check_reevaluation(opportunity: Document, stage: str, reason: str) -> None:
	"""Raises frappe.ValidationError unless the opportunity can be reopened in that stage for that reason."""
	if opportunity.state not in ("Not won", "Closed") and not opportunity.stalled:
		frappe.throw(
			_("Only an opportunity that was not won, was closed or is stalled can be taken up again.")
		)
	if not reason.strip():
		frappe.throw(_("Write why the opportunity is taken up again."), frappe.MandatoryError)
	state = frappe.db.get_value("Cronus Stage", stage, "state")
	if state not in STATES_IN_COURSE[OPPORTUNITY]:
		frappe.throw(
			_("An opportunity cannot be taken up again in {0}: choose a stage in course.").format(
				frappe.bold(_(stage))
			)
		)


def _build_history_comment(opportunity: Document, stage: str, reason: str) -> str:
	"""HTML for the timeline: how the opportunity had ended, and why it is reopened."""
	taken_up = _("Taken up again in {0}: {1}").format(_(stage), escape_html(reason.strip()))
	if opportunity.state == "Not won":
		ended = _("Lost on {0} because of {1}.").format(
			_format_day(opportunity.closed_on), _(opportunity.loss_reason)
		)
		if opportunity.loss_notes:
			ended += f" {escape_html(opportunity.loss_notes)}"
	elif opportunity.state == "Closed":
		ended = _("Closed on {0}.").format(_format_day(opportunity.closed_on))
	else:
		last_progress_on = max(
			filter(None, (opportunity.last_activity_on, opportunity.stage_log[-1].entered_on))
		)
		ended = _("Without activity since {0}.").format(_format_day(last_progress_on))
	return f"<p>{ended}</p><p>{taken_up}</p>"


def _format_day(moment) -> str:
	return frappe.format(getdate(moment), {"fieldtype": "Date"})


def _create_next_activity(opportunity: Document, planned: dict) -> str:
	"""Inserts the planned activity, linked to the opportunity and its parties; returns its name."""
	activity = frappe.new_doc("Cronus Activity")
	planned_values = {
		f: planned.get(f) for f in ("subject", "activity_type", "starts_on", "all_day", "notes")
	}
	opportunity_values = {
		f: opportunity.get(f) for f in ("customer", "customer_name", "prospect", "contact", "seller")
	}
	activity.update({**planned_values, **opportunity_values, "opportunity": opportunity.name})
	return activity.insert().name
