"""Links the documents of converted prospects to the opportunity of the conversion, which takes their value
and is won where they were invoiced; and sets the state of prospects whose opportunity is won."""

import frappe

from cronus_crm.cronus_billing.documents import prospect_documents
from cronus_crm.cronus_crm.opportunities import opportunity_progress
from cronus_crm.cronus_crm.prospects import prospect_state
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, PROSPECT, STATES_IN_COURSE


def execute() -> None:
	"""Idempotent: what has an opportunity, a value or an end by now is left as it is."""
	opportunity = frappe.qb.DocType(OPPORTUNITY)
	prospect = frappe.qb.DocType(PROSPECT)
	in_course = opportunity.state.isin(STATES_IN_COURSE[OPPORTUNITY])
	converted = (
		frappe.qb.from_(prospect)
		.join(opportunity)
		.on(opportunity.name == prospect.opportunity)
		.where((prospect.state == "Converted") & in_course)
	)
	for name in converted.select(prospect.name).orderby(prospect.name).run(pluck=True):
		doc = frappe.get_doc(PROSPECT, name)
		prospect_documents.on_conversion(doc)
		documents = prospect_state.list_prospect_documents(name)
		opportunity_progress.apply_prospect_documents(doc.opportunity, documents)
	won = (
		frappe.qb.from_(opportunity)
		.join(prospect)
		.on(prospect.name == opportunity.prospect)
		.where((opportunity.state == "Won") & prospect.state.isin(("Open", "Quoted")))
	)
	for name in won.select(prospect.name).distinct().orderby(prospect.name).run(pluck=True):
		prospect_state.update_state_from_documents(name)
