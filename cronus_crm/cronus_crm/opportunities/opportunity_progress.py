"""What happens to opportunities besides being sold: an invoice wins them, and lost ones are taken up again.

An invoice is a fact. When one is issued for a proforma of an opportunity, the opportunity is won, in the
transaction of the invoice; when it is cancelled, the opportunity goes back to where it was. Only what an
invoice has won goes back: what a person closed stays as that person left it.
"""

from itertools import chain

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, getdate

from cronus_crm.base.arguments import read_mapping
from cronus_crm.base.hook_calls import call_hooks
from cronus_crm.base.sales_documents import INVOICE, Key, SalesDocument
from cronus_crm.cronus_crm.record_states import IN_COURSE, OPPORTUNITY


def on_issue(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of an issued document: an invoice wins the opportunities of what it was made from."""
	if document.kind != INVOICE or not _invoices_win():
		return
	names = _opportunities_of(document, *origins)
	stage = names and first_stage("Won")
	if not stage:
		return  # an invoice is not held up by a funnel that has no end
	for name in names:
		opportunity = frappe.get_doc(OPPORTUNITY, name, for_update=True)
		if opportunity.state != "Won":
			opportunity.win_by(_key(document), stage, on=document.posting_date)


def on_cancel(doc: Document, document: SalesDocument, origins: list[SalesDocument]) -> None:
	"""Hook of a cancelled document: what an invoice has won goes back, unless another keeps it won."""
	if document.kind != INVOICE:
		return
	won = {"won_by": _key(document), "state": "Won"}
	for name in frappe.get_all(OPPORTUNITY, filters=won, pluck="name", order_by="name asc"):
		opportunity = frappe.get_doc(OPPORTUNITY, name, for_update=True)
		if other := _other_invoice(name, document):
			opportunity.db_set("won_by", other)
		else:
			opportunity.take_back_from_invoice(without_history=first_stage(*IN_COURSE[OPPORTUNITY]))


def first_stage(*states: str) -> str | None:
	"""The first stage in use, in the order of the funnel, that gives an opportunity one of these states."""
	return frappe.db.get_value(
		"Cronus Stage", {"state": ("in", states), "disabled": 0}, order_by="position asc, name asc"
	)


def _invoices_win() -> bool:
	return bool(cint(frappe.get_cached_doc("Cronus CRM Settings").win_on_invoice))


def _key(document: SalesDocument) -> str:
	return f"{document.doctype}/{document.name}"


def _opportunities_of(*documents: SalesDocument) -> list[str]:
	"""Deals of these documents, in the order in which they are locked."""
	opportunities = sorted({document.opportunity for document in documents if document.opportunity})
	return [opportunity for opportunity in opportunities if frappe.db.exists(OPPORTUNITY, opportunity)]


def _other_invoice(opportunity: str, cancelled: SalesDocument) -> str | None:
	"""Key of another issued invoice of an opportunity; the oldest, or None.

	They come from the functions of the hook `cronus_opportunity_invoices`, which take the name of the
	opportunity and give back (doctype, name) of its issued invoices, the oldest first.
	"""
	invoices: list[Key] = list(chain.from_iterable(call_hooks("cronus_opportunity_invoices", opportunity)))
	others = (key for key in invoices if key != (cancelled.doctype, cancelled.name))
	return next(("/".join(key) for key in others), None)


def reevaluate_opportunity(
	opportunity: str, stage: str, reason: str, next_activity: dict | str | None = None
) -> str | None:
	"""Takes up again an opportunity that was not won, was closed or is stalled; its story stays in its
	history.

	stage: a stage in use from which an opportunity can be won; of a stalled opportunity, also the one where
	it is. reason: what has changed, in the words of whoever takes it up. next_activity: subject,
	activity_type, starts_on and, if wanted, notes of what is to be done next. Gives back the name of that
	activity, or None.

	Raises frappe.PermissionError when the user may not change the opportunity, and frappe.ValidationError
	when it is in course and alive, or won, or the stage is not one to take it up in. Then nothing is changed.
	"""
	doc = frappe.get_doc(OPPORTUNITY, opportunity, for_update=True)
	doc.check_permission("write")
	_require_something_to_take_up(doc, stage, reason)
	story = _story(doc, stage, reason)
	doc.take_up_again(stage, reason.strip())
	doc.add_comment("Comment", story)
	return _plan_next(doc, read_mapping(next_activity, "next_activity")) if next_activity else None


def _require_something_to_take_up(opportunity: Document, stage: str, reason: str) -> None:
	if opportunity.state not in ("Not won", "Closed") and not opportunity.stalled:
		frappe.throw(
			_("Only an opportunity that was not won, was closed or is stalled can be taken up again.")
		)
	if not reason.strip():
		frappe.throw(_("Write why the opportunity is taken up again."), frappe.MandatoryError)
	state = frappe.db.get_value("Cronus Stage", stage, "state")
	if state not in IN_COURSE[OPPORTUNITY]:
		frappe.throw(
			_("An opportunity cannot be taken up again in {0}: choose a stage in course.").format(
				frappe.bold(_(stage))
			)
		)


def _story(opportunity: Document, stage: str, reason: str) -> str:
	"""HTML for the timeline: what became of the opportunity, and why it goes on."""
	taken_up = _("Taken up again in {0}: {1}").format(_(stage), escape_html(reason.strip()))
	if opportunity.state == "Not won":
		ended = _("Lost on {0} because of {1}.").format(
			_day(opportunity.closed_on), _(opportunity.loss_reason)
		)
		if opportunity.loss_notes:
			ended += f" {escape_html(opportunity.loss_notes)}"
	elif opportunity.state == "Closed":
		ended = _("Closed on {0}.").format(_day(opportunity.closed_on))
	else:
		alive_on = max(filter(None, (opportunity.last_activity_on, opportunity.stage_log[-1].entered_on)))
		ended = _("Without activity since {0}.").format(_day(alive_on))
	return f"<p>{ended}</p><p>{taken_up}</p>"


def _day(moment) -> str:
	return frappe.format(getdate(moment), {"fieldtype": "Date"})


def _plan_next(opportunity: Document, planned: dict) -> str:
	activity = frappe.new_doc("Cronus Activity")
	asked_for = {f: planned.get(f) for f in ("subject", "activity_type", "starts_on", "all_day", "notes")}
	of_opportunity = {
		f: opportunity.get(f) for f in ("customer", "customer_name", "prospect", "contact", "seller")
	}
	activity.update({**asked_for, **of_opportunity, "opportunity": opportunity.name})
	return activity.insert().name
