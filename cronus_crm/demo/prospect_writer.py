"""Writes the prospects of a story, and what became of them."""

from datetime import datetime, time

from frappe.model.document import Document

from cronus_crm.demo import company_facts, past_documents, pictures
from cronus_crm.demo.customer_writer import Portfolio
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_parts import team_of
from cronus_crm.demo.story_types import Deal, Lead


class Leads:
	"""Prospects and their appointments as they are written, by the numbers that they have in the story."""

	def __init__(self, pen: RecordWriter, portfolio: Portfolio):
		self.pen = pen
		self.portfolio = portfolio
		self.prospects: dict[int, Document] = {}
		self.appointments: dict[int, Document] = {}

	def group(self, lead: Lead) -> object:
		"""A prospect stands and falls with its deal."""
		return lead.deal or ("Cronus Prospect", lead.number)

	def whose(self, number: int | None) -> dict[str, str]:
		"""The fields of a record that say which prospect it is about, if any."""
		if not number:
			return {}
		prospect = self.prospects[number]
		return {"prospect": prospect.name, "prospect_name": prospect.prospect_name}

	def write(self, lead: Lead) -> None:
		self.prospects[lead.number] = prospect = self.pen.new(
			"Cronus Prospect",
			group=self.group(lead),
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
			work_center=team_of(lead.seller).work_center,
			subject=lead.subject,
			notes=lead.notes,
			internal_notes=lead.internal_notes,
			color=lead.colours and lead.colours.background,
			text_color=lead.colours and lead.colours.text,
		)
		if lead.pictured:
			content = pictures.shop_counter(tills=1 + lead.number % 4)
			file_name = f"{prospect.name}.png"
			past_documents.attach(prospect, file_name, content, lead.seller, lead.contacted_on)

	def note_appointment(self, lead: Lead, activity: Document) -> None:
		self.appointments[lead.number] = activity

	def finish(self, deals: dict[int, Deal], opportunities: dict[int, Document]) -> None:
		"""Writes how each stands on the last day; the controllers take such values from nobody else."""
		for lead in self.pen.told.leads:
			prospect = self.prospects[lead.number]
			values = {"state": self.state(lead, deals)}
			if appointment := self.appointments.get(lead.number):
				kept = appointment.state != "Cancelled"
				values["appointment"] = appointment.name if kept else None
				values["appointment_on"] = appointment.starts_on if kept else None
			if lead.state == "Converted":
				values |= self.conversion(lead, prospect, opportunities)
			changed_on = datetime.combine(lead.ended_on or lead.contacted_on, time(9))
			past_documents.put_back(prospect, prospect.creation, modified=changed_on, **values)

	def state(self, lead: Lead, deals: dict[int, Deal]) -> str:
		if lead.state == "Open" and lead.deal and deals[lead.deal].proforma_on:
			return "Quoted"
		return lead.state

	def conversion(self, lead: Lead, prospect: Document, opportunities: dict[int, Document]) -> dict:
		opportunity = opportunities[lead.deal]
		return {
			"customer": opportunity.customer,
			"contact": self.portfolio.contact(lead.account, lead.person.name),
			"opportunity": opportunity.name,
			"made_customer": 1,
			"made_contact": 1,
			"made_opportunity": 1,
			"converted_on": datetime.combine(lead.ended_on, time(9)),
			"converted_by": prospect.owner,
		}
