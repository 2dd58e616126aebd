"""Writes the prospects of the story and their state on its last day."""

from datetime import datetime, time

from frappe.model.document import Document

from cronus_crm.demo import company_facts, past_documents, pictures
from cronus_crm.demo.customer_writer import CustomerWriter
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_parts import find_team
from cronus_crm.demo.story_types import Deal, Lead


class ProspectWriter:
	"""Writes prospects and keeps them, and the activities of their appointments, by number of the lead."""

	def __init__(self, writer: RecordWriter, customer_writer: CustomerWriter):
		self.writer = writer
		self.customer_writer = customer_writer
		self.prospects: dict[int, Document] = {}
		self.appointments: dict[int, Document] = {}

	def group_key(self, lead: Lead) -> object:
		"""The group of `demo_records` that a prospect belongs to: that of its deal, or one of its own."""
		return lead.deal or ("Cronus Prospect", lead.number)

	def prospect_fields(self, number: int | None) -> dict[str, str]:
		"""Values of the fields `prospect` and `prospect_name`; empty without a prospect. number: of the
		lead."""
		if not number:
			return {}
		prospect = self.prospects[number]
		return {"prospect": prospect.name, "prospect_name": prospect.prospect_name}

	def write(self, lead: Lead) -> None:
		self.prospects[lead.number] = prospect = self.writer.write(
			"Cronus Prospect",
			group=self.group_key(lead),
			on=lead.contacted_on,
			series=f"PR-{lead.contacted_on.year}-.#####",
			contacted_on=lead.contacted_on,
			prospect_name=lead.person.name,
			company_name=lead.company,
			business_line=lead.line,
			phone=lead.person.phone,
			email=lead.person.email,
			city=lead.city,
			province=company_facts.PROVINCES[lead.city],
			medium=lead.medium,
			seller=lead.seller,
			work_center=find_team(lead.seller).work_center,
			subject=lead.subject,
			notes=lead.notes,
			internal_notes=lead.internal_notes,
			color=lead.colours and lead.colours.background,
			text_color=lead.colours and lead.colours.text,
		)
		if lead.pictured:
			content = pictures.draw_shop_counter(tills=1 + lead.number % 4)
			file_name = f"{prospect.name}.png"
			past_documents.attach_file(prospect, file_name, content, lead.seller, lead.contacted_on)

	def note_appointment(self, lead: Lead, activity: Document) -> None:
		self.appointments[lead.number] = activity

	def write_final_states(self, deals: dict[int, Deal], opportunities: dict[int, Document]) -> None:
		"""Writes state, appointment and conversion of each prospect past its controller, which sets these
		fields itself."""
		for lead in self.writer.story.leads:
			prospect = self.prospects[lead.number]
			values = {"state": self.final_state(lead, deals)}
			if appointment := self.appointments.get(lead.number):
				takes_place = appointment.state != "Cancelled"
				values["appointment"] = appointment.name if takes_place else None
				values["appointment_on"] = appointment.starts_on if takes_place else None
			if lead.state == "Converted":
				values |= self.conversion_fields(lead, prospect, opportunities)
			changed_on = datetime.combine(lead.ended_on or lead.contacted_on, time(9))
			past_documents.backdate(prospect, prospect.creation, modified=changed_on, **values)

	def final_state(self, lead: Lead, deals: dict[int, Deal]) -> str:
		if lead.state == "Open" and lead.deal and deals[lead.deal].proforma_on:
			return "Quoted"
		return lead.state

	def conversion_fields(self, lead: Lead, prospect: Document, opportunities: dict[int, Document]) -> dict:
		opportunity = opportunities[lead.deal]
		return {
			"customer": opportunity.customer,
			"contact": self.customer_writer.contact_name(lead.account, lead.person.name),
			"opportunity": opportunity.name,
			"made_customer": 1,
			"made_contact": 1,
			"made_opportunity": 1,
			"converted_on": datetime.combine(lead.ended_on, time(9)),
			"converted_by": prospect.owner,
		}
