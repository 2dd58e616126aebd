"""Writes the story of Quillamar on a site, and removes it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.batches import Progress
from cronus_crm.base.company import company_currency, company_today
from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_analytics.figures import customer_alerts
from cronus_crm.cronus_analytics.ledger import recount_totals
from cronus_crm.cronus_billing.pricing import taxes
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.demo import (
	case_texts,
	company_facts,
	company_story,
	demo_records,
	demo_users,
	holidays,
	past_documents,
	sales_aims,
	site_setup,
	solution_writer,
	story_parts,
	word_lists,
)
from cronus_crm.demo.case_writer import AGENT, LEAD, CaseWriter
from cronus_crm.demo.customer_writer import CustomerWriter
from cronus_crm.demo.demo_error import DemoError
from cronus_crm.demo.document_writer import DocumentWriter
from cronus_crm.demo.erp_writer import ErpWriter
from cronus_crm.demo.prospect_writer import ProspectWriter
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_types import Deal, Lead, Story, Task

SELLER, MANAGER, VIEWER, BILLING, INTEGRATOR, ADMINISTRATOR = (
	"Cronus Seller",
	"Cronus Sales Manager",
	"Cronus Dashboard Viewer",
	"Cronus Billing User",
	"Cronus Integrator",
	"Cronus Administrator",
)


@dataclass(frozen=True)
class Result:
	"""counts: number of documents made, by DocType; empty when the demo was on the site already."""

	counts: dict[str, int]


def demo_exists() -> bool:
	return bool(frappe.db.exists("DefaultValue", {"parent": demo_records.DEFAULTS_PARENT}))


def users_by_role() -> dict[str, str]:
	"""The e-mail of one user by role: somebody who has that role and none above it. A demo that an older
	release has made has nobody for the roles that came later."""
	team = company_facts.TEAMS[0]
	people = {
		SELLER: team.sellers[0],
		MANAGER: team.manager,
		VIEWER: company_facts.DASHBOARD_VIEWER,
		BILLING: company_facts.ASSISTANT,
		AGENT: company_facts.SERVICE_AGENTS[0],
		LEAD: company_facts.SERVICE_LEAD,
		ADMINISTRATOR: company_facts.ADMINISTRATOR,
	}
	users = {role: demo_users.make_email_address(name) for role, name in people.items()}
	return {role: user for role, user in users.items() if frappe.db.exists("User", user)}


def find_portal_user() -> str | None:
	"""The e-mail of the contact who signs in at the portal; None without a demo."""
	names = [name for group in demo_records.read_groups() for doctype, name in group if doctype == "User"]
	return frappe.db.get_value("User", {"name": ("in", names or [""]), "user_type": "Website User"})


def make_demo(
	language: str,
	password: str,
	today: date | None = None,
	scale: float = 1.0,
	progress: Progress | None = None,
) -> Result:
	"""Makes the demo in one transaction, and commits. A second time it changes nothing.

	language: of the texts and of the users; one of `word_lists.LANGUAGES`. password: of every user.
	today: the last day of the story, by default the site's. scale: see `company_story.tell_story`.

	Raises DemoError when the language is none of the demo's, when the password is too easy for the site, and
	when names that the demo needs (users, sellers, products, price lists …) are in use on the site.
	"""
	if language not in word_lists.LANGUAGES:
		raise DemoError(_("The demo speaks {0}.").format(", ".join(word_lists.LANGUAGES)))
	if demo_exists():
		return Result({})
	_refuse_names_in_use(language)
	demo_users.refuse_easy_password(password)
	site_setup.complete_setup_wizard(language)
	story = company_story.tell_story(today or company_today(), language, scale)
	with past_documents.import_mode():
		result = _DemoWriter(story, language, password, progress).write()
	past_documents.commit_without_notices()
	frappe.clear_cache()
	return result


def clear_demo() -> tuple[int, demo_records.Group]:
	"""Removes the demo; see `demo_records.remove_demo`. Settings of the site stay."""
	return demo_records.remove_demo()


def _list_people() -> list[str]:
	return [
		*story_parts.list_sellers(),
		company_facts.ASSISTANT,
		company_facts.SERVICE_LEAD,
		*company_facts.SERVICE_AGENTS,
		company_facts.ADMINISTRATOR,
		company_facts.INTEGRATOR,
		company_facts.SYSTEM_MANAGER,
	]


def _refuse_names_in_use(language: str) -> None:
	wanted = [
		*(("User", demo_users.make_email_address(name)) for name in _list_people()),
		*(("Cronus Seller", name) for name in story_parts.list_sellers()),
		*(("Cronus Product", product.code) for product in company_facts.PRODUCTS),
		*(("Cronus Work Center", team.work_center) for team in company_facts.TEAMS),
		*(("Cronus Price List", title) for title in word_lists.PRICE_LISTS[language]),
		*(("Cronus Service Team", title) for title in case_texts.TEAMS[language]),
		("Cronus Source", company_facts.ERP),
		("Cronus Service Promise", case_texts.PROMISES[language]),
		*(("Cronus Saved Reply", title) for title, _text in case_texts.REPLIES[language]),
		*(("Cronus Payment Terms", title) for title in word_lists.TERMS[language]),
	]
	taken = [f"{_(doctype)} {name}" for doctype, name in wanted if frappe.db.exists(doctype, name)]
	if taken:
		raise DemoError(
			_("The demo needs names that are in use: {0}. Rename or delete them, then repeat.").format(
				", ".join(taken)
			)
		)


class _DemoWriter:
	"""Writes the whole story in the order of its days, so that the numbers of documents rise with their
	dates."""

	def __init__(self, story: Story, language: str, password: str, progress: Progress | None):
		self.story = story
		self.language = language
		self.password = password
		self.progress = progress
		self.writer = RecordWriter(story, language)
		self.customer_writer = CustomerWriter(self.writer)
		self.prospect_writer = ProspectWriter(self.writer, self.customer_writer)
		self.deals = {deal.number: deal for deal in story.deals}
		self.opportunities: dict[int, Document] = {}
		self.document_writer = DocumentWriter(self.writer, self.opportunities)
		self.activities: list[tuple[Document, Task]] = []

	def write(self) -> Result:
		self.write_settings()
		self.write_people()
		self.write_products()
		self.document_writer.write_terms()
		self.document_writer.write_prices()
		self.customer_writer.write()
		events = self.make_events()
		for number, (_day, _order, write, *subject) in enumerate(events, start=1):
			write(*subject)
			if self.progress:
				self.progress(number, len(events), _("Demo"))
		self.write_activities()
		self.finish_follow_ups()
		self.prospect_writer.write_final_states(self.deals, self.opportunities)
		past_documents.write_stage_log(self.make_stage_logs())
		traffic_light.recompute_all_records()
		# Stage logs and activities were inserted past the document events that update the totals.
		recount_totals.repair()
		sales_aims.write_targets(self.writer, self.story.today)
		sales_aims.write_requests(self.writer, self.document_writer.proformas)
		CaseWriter(self.writer, self.customer_writer, self.password).write()
		solution_writer.write_solutions(
			self.writer, demo_users.make_email_address(company_facts.ADMINISTRATOR)
		)
		ErpWriter(self.writer, self.customer_writer).write(
			demo_users.make_email_address(company_facts.INTEGRATOR)
		)
		case_recount.repair()
		self.customer_writer.write_credit_limits()
		customer_alerts.refresh_alerts()
		self.writer.record.save()
		return Result(dict(self.writer.counts))

	def write_settings(self) -> None:
		"""Fills in settings that are empty; the others keep the values of the site."""
		settings = frappe.get_doc("Cronus CRM Settings")
		settings.company_name = settings.company_name or company_facts.NAME
		settings.currency = settings.currency or company_currency()
		settings.default_tax = settings.default_tax or taxes.find_taxes_by_rate([company_facts.TAX_RATE]).get(
			company_facts.TAX_RATE
		)
		added = []
		if not settings.holidays:
			for year in range(self.writer.founded_on.year, self.story.today.year + 2):
				for day, name in zip(
					holidays.list_holidays(year), word_lists.HOLIDAYS[self.language], strict=True
				):
					added.append(settings.append("holidays", {"date": day, "description": name}))
		settings.save()
		for holiday in added:
			self.writer.record_document(holiday)

	def write_people(self) -> None:
		for team in company_facts.TEAMS:
			self.writer.write("Cronus Work Center", work_center=team.work_center, city=team.city)
			self.write_seller(team.manager, team.work_center, (SELLER, MANAGER))
			for name in team.sellers:
				roles = (SELLER, VIEWER) if name == company_facts.DASHBOARD_VIEWER else (SELLER,)
				self.write_seller(name, team.work_center, roles, superior=team.manager)
		self.write_user(company_facts.ASSISTANT, (BILLING,))
		self.write_user(company_facts.ADMINISTRATOR, (ADMINISTRATOR,))
		self.write_user(company_facts.INTEGRATOR, (INTEGRATOR,))
		self.write_user(company_facts.SYSTEM_MANAGER, ("System Manager",))

	def write_user(self, name: str, roles: tuple[str, ...]) -> Document:
		return self.writer.record_document(demo_users.make_user(name, roles, self.language, self.password))

	def write_seller(
		self, name: str, work_center: str, roles: tuple[str, ...], superior: str | None = None
	) -> None:
		self.writer.write(
			"Cronus Seller",
			seller_name=name,
			user=self.write_user(name, roles).name,
			work_center=work_center,
			parent_cronus_seller=superior,
		)

	def write_products(self) -> None:
		for product in company_facts.PRODUCTS:
			self.writer.write(
				"Cronus Product",
				product_code=product.code,
				product_name=product.name,
				product_type="Service" if product.is_service else "Goods",
				unit=word_lists.UNITS[self.language][product.is_service],
				family=product.family,
				price=product.price,
				tax_rate=company_facts.TAX_RATE,
			)

	def make_events(self) -> list[tuple]:
		"""Everything that is to be written, sorted by day, so that numbers of documents rise with their
		dates.

		Each event is a tuple of day, order within the day, method that writes it, its arguments.
		"""
		events: list[tuple] = []
		for lead in self.story.leads:
			events.append((lead.contacted_on, 0, self.prospect_writer.write, lead))
			events.extend((_day_of_task(task), 6, self.plan_lead_task, lead, task) for task in lead.tasks)
			if lead.appointment:
				events.append((_day_of_task(lead.appointment), 6, self.plan_appointment, lead))
		for deal in self.story.deals:
			events.append((deal.opened_on, 1, self.open_deal, deal))
			events.extend(self.document_writer.events_of_deal(deal))
			events.extend((_day_of_task(task), 6, self.plan_deal_task, deal, task) for task in deal.tasks)
		events.extend((_day_of_task(task), 6, self.plan_task, task) for task in self.story.routine)
		return sorted(events, key=lambda event: event[:2])

	def open_deal(self, deal: Deal) -> None:
		party = self.customer_writer.customer_fields(deal.customer) | self.prospect_writer.prospect_fields(
			deal.lead
		)
		self.opportunities[deal.number] = self.writer.write(
			"Cronus Opportunity",
			**{"prospect_name": deal.prospect, **party},
			group=deal.number,
			on=deal.opened_on,
			series=f"OP-{deal.opened_on.year}-.#####",
			title=deal.title,
			contact=self.customer_writer.contact_name(deal.customer, deal.person),
			medium=deal.medium,
			seller=deal.seller,
			work_center=story_parts.find_team(deal.seller).work_center,
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

	def make_stage_logs(self) -> Iterator[tuple[Document, list[dict]]]:
		for deal in self.story.deals:
			yield self.opportunities[deal.number], [asdict(stay) for stay in deal.stays]

	def plan_deal_task(self, deal: Deal, task: Task) -> None:
		about = {"opportunity": self.opportunities[deal.number].name}
		if deal.lead:
			about["prospect"] = self.prospect_writer.prospects[deal.lead].name
		self.plan_task(task, deal.number, **about)

	def plan_lead_task(self, lead: Lead, task: Task) -> Document:
		prospect = self.prospect_writer.prospects[lead.number]
		# Activities of a prospect appear in the history of the customer that it became.
		about = self.customer_writer.customer_fields(lead.account) or {
			"customer_name": prospect.prospect_name
		}
		return self.plan_task(task, self.prospect_writer.group_key(lead), prospect=prospect.name, **about)

	def plan_appointment(self, lead: Lead) -> None:
		self.prospect_writer.note_appointment(lead, self.plan_lead_task(lead, lead.appointment))

	def plan_task(self, task: Task, group: object = None, **about: str) -> Document:
		values = {
			**self.customer_writer.customer_fields(task.customer),
			"activity_type": task.kind,
			"subject": task.subject,
			"notes": task.notes,
			"place": task.place,
			"seller": task.seller,
			"contact": self.customer_writer.contact_name(task.customer, task.person),
			"starts_on": task.starts_on,
			"ends_on": task.ends_on,
			"state": task.state,
			"result": task.result,
			"done_on": task.done_on,
			**about,
		}
		# Created two days before it takes place, but not after the last day of the story.
		on = min(_day_of_task(task) - timedelta(days=2), self.story.today)
		activity = self.writer.record_document(
			past_documents.prepare_document("Cronus Activity", values, on), group
		)
		self.activities.append((activity, task))
		return activity

	def write_activities(self) -> None:
		past_documents.insert_prepared([activity for activity, _task in self.activities])
		for activity, task in self.activities:
			if task.remark:
				past_documents.add_comment(activity, task.remark, task.seller, task.done_on)

	def finish_follow_ups(self) -> None:
		"""Ends the follow-ups that a seller ended; the others were ended by their invoice or are pending."""
		for deal in self.story.deals:
			if deal.answer:
				for activity in past_documents.find_activities(self.document_writer.proformas[deal.number]):
					past_documents.finish_activity(activity, deal.answer.result, deal.answer.on)


def _day_of_task(task: Task) -> date:
	"""The day on which a task is written by `make_events`."""
	return task.starts_on.date()
