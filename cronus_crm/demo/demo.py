"""Writes the story of Quillamar on a site, and takes it away again."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from cronus_crm.base.batches import Progress
from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.figures import customer_alerts
from cronus_crm.cronus_analytics.ledger import recount_totals
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.demo import (
	company_facts,
	company_story,
	demo_records,
	demo_users,
	holidays,
	past_documents,
	site_setup,
	story_parts,
	word_lists,
)
from cronus_crm.demo.customer_writer import Portfolio
from cronus_crm.demo.document_writer import Sales
from cronus_crm.demo.errors import DemoError
from cronus_crm.demo.prospect_writer import Leads
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_types import Deal, Lead, Story, Task

SELLER, MANAGER, VIEWER, BILLING, ADMINISTRATOR = (
	"Cronus Seller",
	"Cronus Sales Manager",
	"Cronus Dashboard Viewer",
	"Cronus Billing User",
	"Cronus Administrator",
)


@dataclass(frozen=True)
class Result:
	"""Documents made, by DocType; empty when the demo was there already."""

	counts: dict[str, int]


def is_there() -> bool:
	return bool(frappe.db.exists("DefaultValue", {"parent": demo_records.PARENT}))


def users() -> dict[str, str]:
	"""One e-mail for each role, of somebody who has that role and none above it."""
	team = company_facts.TEAMS[0]
	return {
		SELLER: demo_users.address_of(team.sellers[0]),
		MANAGER: demo_users.address_of(team.manager),
		VIEWER: demo_users.address_of(company_facts.DASHBOARD_VIEWER),
		BILLING: demo_users.address_of(company_facts.ASSISTANT),
		ADMINISTRATOR: demo_users.address_of(company_facts.ADMINISTRATOR),
	}


def make(
	language: str,
	password: str,
	today: date | None = None,
	scale: float = 1.0,
	progress: Progress | None = None,
) -> Result:
	"""Makes the demo, all of it or nothing; a second time it changes nothing.

	language: of the texts and of the users; one of `word_lists.LANGUAGES`. password: of every user.
	today: the last day of the story, by default the site's. scale: see `company_story.tell_story`.

	Raises DemoError when the password is too easy for the site, and when users, sellers or products of those
	names are there that are not the demo's.
	"""
	if language not in word_lists.LANGUAGES:
		raise DemoError(_("The demo speaks {0}.").format(", ".join(word_lists.LANGUAGES)))
	if is_there():
		return Result({})
	_refuse_names_in_use(language)
	demo_users.refuse_easy_password(password)
	site_setup.complete(language)
	told = company_story.tell_story(today or getdate(nowdate()), language, scale)
	with past_documents.importing():
		result = _Writer(told, language, password, progress).write()
	past_documents.commit_quietly()
	frappe.clear_cache()
	return result


def clear() -> tuple[int, demo_records.Group]:
	"""Takes the demo away; see `demo_records.remove`. The site stays set up as it is."""
	return demo_records.remove()


def _everybody() -> list[str]:
	return [
		*story_parts.sellers(),
		company_facts.ASSISTANT,
		company_facts.ADMINISTRATOR,
		company_facts.SYSTEM_MANAGER,
	]


def _refuse_names_in_use(language: str) -> None:
	wanted = [
		*(("User", demo_users.address_of(name)) for name in _everybody()),
		*(("Cronus Seller", name) for name in story_parts.sellers()),
		*(("Cronus Product", product.code) for product in company_facts.PRODUCTS),
		*(("Cronus Work Center", team.work_center) for team in company_facts.TEAMS),
		*(("Cronus Price List", title) for title in word_lists.PRICE_LISTS[language]),
		*(("Cronus Payment Terms", title) for title in word_lists.TERMS[language]),
	]
	taken = [f"{_(doctype)} {name}" for doctype, name in wanted if frappe.db.exists(doctype, name)]
	if taken:
		raise DemoError(
			_("The demo needs names that are in use: {0}. Rename or delete them, then repeat.").format(
				", ".join(taken)
			)
		)


class _Writer:
	"""Writes a story, day by day."""

	def __init__(self, told: Story, language: str, password: str, progress: Progress | None):
		self.told = told
		self.language = language
		self.password = password
		self.progress = progress
		self.pen = RecordWriter(told, language)
		self.portfolio = Portfolio(self.pen)
		self.leads = Leads(self.pen, self.portfolio)
		self.deals = {deal.number: deal for deal in told.deals}
		self.opportunities: dict[int, Document] = {}
		self.sales = Sales(self.pen, self.opportunities)
		self.activities: list[tuple[Document, Task]] = []

	def write(self) -> Result:
		self.write_settings()
		self.write_people()
		self.write_products()
		self.sales.write_terms()
		self.sales.write_prices()
		self.portfolio.write()
		events = self.events()
		for number, (_day, _order, write, *subject) in enumerate(events, start=1):
			write(*subject)
			if self.progress:
				self.progress(number, len(events), _("Demo"))
		self.write_activities()
		self.finish_follow_ups()
		self.leads.finish(self.deals, self.opportunities)
		past_documents.write_stays(self.stays())
		traffic_light.recompute_all()
		# Stays and activities are written at once, past the events that count them.
		recount_totals.repair()
		self.portfolio.write_credit_limits()
		customer_alerts.refresh_alerts()
		self.pen.record.save()
		return Result(dict(self.pen.counts))

	def write_settings(self) -> None:
		"""Only what nobody has filled in."""
		settings = frappe.get_doc("Cronus CRM Settings")
		settings.company_name = settings.company_name or company_facts.NAME
		settings.currency = settings.currency or company_currency()
		added = []
		if not settings.holidays:
			for year in range(self.pen.founded_on.year, self.told.today.year + 2):
				for day, name in zip(holidays.of_year(year), word_lists.HOLIDAYS[self.language], strict=True):
					added.append(settings.append("holidays", {"date": day, "description": name}))
		settings.save()
		for holiday in added:
			self.pen.add(holiday)

	def write_people(self) -> None:
		for team in company_facts.TEAMS:
			self.pen.new("Cronus Work Center", work_center=team.work_center, city=team.city)
			self.write_seller(team.manager, team.work_center, (SELLER, MANAGER))
			for name in team.sellers:
				roles = (SELLER, VIEWER) if name == company_facts.DASHBOARD_VIEWER else (SELLER,)
				self.write_seller(name, team.work_center, roles, superior=team.manager)
		self.write_user(company_facts.ASSISTANT, (BILLING,))
		self.write_user(company_facts.ADMINISTRATOR, (ADMINISTRATOR,))
		self.write_user(company_facts.SYSTEM_MANAGER, ("System Manager",))

	def write_user(self, name: str, roles: tuple[str, ...]) -> Document:
		return self.pen.add(demo_users.make_user(name, roles, self.language, self.password))

	def write_seller(
		self, name: str, work_center: str, roles: tuple[str, ...], superior: str | None = None
	) -> None:
		self.pen.new(
			"Cronus Seller",
			seller_name=name,
			user=self.write_user(name, roles).name,
			work_center=work_center,
			parent_cronus_seller=superior,
		)

	def write_products(self) -> None:
		for product in company_facts.PRODUCTS:
			self.pen.new(
				"Cronus Product",
				product_code=product.code,
				product_name=product.name,
				product_type="Service" if product.is_service else "Goods",
				unit=word_lists.UNITS[self.language][product.is_service],
				family=product.family,
				price=product.price,
				tax_rate=company_facts.TAX_RATE,
			)

	def events(self) -> list[tuple]:
		"""Everything that is to be written, by day: numbers of documents then rise with their dates.

		Gives back rows of day, order within the day, what writes it and its arguments.
		"""
		events: list[tuple] = []
		for lead in self.told.leads:
			events.append((lead.contacted_on, 0, self.leads.write, lead))
			events.extend((_written_on(task), 6, self.note_lead_task, lead, task) for task in lead.tasks)
			if lead.appointment:
				events.append((_written_on(lead.appointment), 6, self.note_appointment, lead))
		for deal in self.told.deals:
			events.append((deal.opened_on, 1, self.open_deal, deal))
			events.extend(self.sales.events(deal))
			events.extend((_written_on(task), 6, self.note_deal_task, deal, task) for task in deal.tasks)
		events.extend((_written_on(task), 6, self.note_task, task) for task in self.told.routine)
		return sorted(events, key=lambda event: event[:2])

	def open_deal(self, deal: Deal) -> None:
		whose = self.portfolio.whose(deal.customer) | self.leads.whose(deal.lead)
		self.opportunities[deal.number] = self.pen.new(
			"Cronus Opportunity",
			**{"prospect_name": deal.prospect, **whose},
			group=deal.number,
			on=deal.opened_on,
			series=f"OP-{deal.opened_on.year}-.#####",
			title=deal.title,
			contact=self.portfolio.contact(deal.customer, deal.person),
			medium=deal.medium,
			seller=deal.seller,
			work_center=story_parts.team_of(deal.seller).work_center,
			stage=deal.stage,
			priority=deal.priority,
			loss_reason=deal.loss_reason,
			opened_on=deal.opened_on,
			expected_close=deal.expected_close,
			closed_on=deal.closed_on,
			products=[
				{"product": product.code, "quantity": quantity, "price": product.price}
				for product, quantity in deal.lines
			],
		)

	def stays(self) -> Iterator[tuple[Document, list[dict]]]:
		for deal in self.told.deals:
			yield self.opportunities[deal.number], [asdict(stay) for stay in deal.stays]

	def note_deal_task(self, deal: Deal, task: Task) -> None:
		about = {"opportunity": self.opportunities[deal.number].name}
		if deal.lead:
			about["prospect"] = self.leads.prospects[deal.lead].name
		self.note_task(task, deal.number, **about)

	def note_lead_task(self, lead: Lead, task: Task) -> Document:
		prospect = self.leads.prospects[lead.number]
		# What was done about a prospect is part of the history of the customer that it became.
		about = self.portfolio.whose(lead.account) or {"customer_name": prospect.prospect_name}
		return self.note_task(task, self.leads.group(lead), prospect=prospect.name, **about)

	def note_appointment(self, lead: Lead) -> None:
		self.leads.note_appointment(lead, self.note_lead_task(lead, lead.appointment))

	def note_task(self, task: Task, group: object = None, **about: str) -> Document:
		values = {
			**self.portfolio.whose(task.customer),
			"activity_type": task.kind,
			"subject": task.subject,
			"notes": task.notes,
			"place": task.place,
			"seller": task.seller,
			"contact": self.portfolio.contact(task.customer, task.person),
			"starts_on": task.starts_on,
			"ends_on": task.ends_on,
			"state": task.state,
			"result": task.result,
			"done_on": task.done_on,
			**about,
		}
		# Written into the agenda some days before, if those have passed.
		on = min(_written_on(task) - timedelta(days=2), self.told.today)
		activity = self.pen.add(past_documents.prepare("Cronus Activity", values, on), group)
		self.activities.append((activity, task))
		return activity

	def write_activities(self) -> None:
		past_documents.insert_all([activity for activity, _task in self.activities])
		for activity, task in self.activities:
			if task.remark:
				past_documents.comment(activity, task.remark, task.seller, task.done_on)

	def finish_follow_ups(self) -> None:
		"""Those that a seller has ended; the others were ended by their invoice or are pending."""
		for deal in self.told.deals:
			if deal.answer:
				for activity in past_documents.activities_of(self.sales.proformas[deal.number]):
					past_documents.finish(activity, deal.answer.result, deal.answer.on)


def _written_on(task: Task) -> date:
	"""The day in whose turn a task is written."""
	return task.starts_on.date()
