"""Writes the story of Quillamar on a site, and takes it away again."""

from dataclasses import dataclass
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import make_autoname
from frappe.utils import getdate, nowdate

from cronus_crm.cronus_crm.doctype.cronus_crm_settings.cronus_crm_settings import company_currency
from cronus_crm.demo import company, history, made, people, site_setup, story, words
from cronus_crm.demo.errors import DemoError
from cronus_crm.demo.history import Progress
from cronus_crm.demo.story import Deal, Story, Task

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
	return bool(frappe.db.exists("DefaultValue", {"parent": made.PARENT}))


def users() -> dict[str, str]:
	"""One e-mail for each role, of somebody who has that role and none above it."""
	team = company.TEAMS[0]
	return {
		SELLER: people.address_of(team.sellers[0]),
		MANAGER: people.address_of(team.manager),
		VIEWER: people.address_of(company.DASHBOARD_VIEWER),
		BILLING: people.address_of(company.ASSISTANT),
		ADMINISTRATOR: people.address_of(company.ADMINISTRATOR),
	}


def make(
	language: str,
	password: str,
	today: date | None = None,
	scale: float = 1.0,
	progress: Progress | None = None,
) -> Result:
	"""Makes the demo, all of it or nothing; a second time it changes nothing.

	language: of the texts and of the users; one of `words.LANGUAGES`. password: of every user.
	today: the last day of the story, by default the site's. scale: see `story.tell`.

	Raises DemoError when the password is too easy for the site, and when users, sellers or products of those
	names are there that are not the demo's.
	"""
	if language not in words.LANGUAGES:
		raise DemoError(_("The demo speaks {0}.").format(", ".join(words.LANGUAGES)))
	if is_there():
		return Result({})
	_refuse_names_in_use()
	people.refuse_easy_password(password)
	site_setup.complete(language)
	told = story.tell(today or getdate(nowdate()), language, scale)
	with history.importing():
		result = _Writer(told, language, password, progress).write()
	history.commit_quietly()
	frappe.clear_cache()
	return result


def clear() -> tuple[int, made.Group]:
	"""Takes the demo away; see `made.remove`. The site stays set up as it is."""
	return made.remove()


def _everybody() -> list[str]:
	return [*story.sellers(), company.ASSISTANT, company.ADMINISTRATOR, company.SYSTEM_MANAGER]


def _refuse_names_in_use() -> None:
	wanted = [
		*(("User", people.address_of(name)) for name in _everybody()),
		*(("Cronus Seller", name) for name in story.sellers()),
		*(("Cronus Product", product.code) for product in company.PRODUCTS),
		*(("Cronus Work Center", team.work_center) for team in company.TEAMS),
	]
	taken = [f"{_(doctype)} {name}" for doctype, name in wanted if frappe.db.exists(doctype, name)]
	if taken:
		raise DemoError(
			_("The demo needs names that are in use: {0}. Rename or delete them, then repeat.").format(
				", ".join(taken)
			)
		)


class _Writer:
	"""Writes a story, day by day, and records what it writes."""

	def __init__(self, told: Story, language: str, password: str, progress: Progress | None):
		self.told = told
		self.language = language
		self.password = password
		self.progress = progress
		self.record = made.Record()
		self.counts: dict[str, int] = {}
		self.work_centers = {
			seller: team.work_center for team in company.TEAMS for seller in (team.manager, *team.sellers)
		}
		self.founded_on = told.today - timedelta(days=story.DAYS_OF_HISTORY + 30)
		self.customers: dict[str, Document] = {}
		self.opportunities: dict[int, Document] = {}
		self.proformas: dict[int, Document] = {}

	def write(self) -> Result:
		self.write_settings()
		self.write_people()
		self.write_products()
		self.write_customers()
		events = self.events()
		for number, (_day, _order, write, subject) in enumerate(events, start=1):
			write(subject)
			if self.progress:
				self.progress(number, len(events), _("Demo"))
		self.finish_follow_ups()
		self.record.save()
		return Result(self.counts)

	def add(self, doc: Document, group: int | None = None) -> Document:
		self.counts[doc.doctype] = self.counts.get(doc.doctype, 0) + 1
		return self.record.add(doc, group)

	def new(self, doctype: str, group: int | None = None, on: date | None = None, **values) -> Document:
		series = values.pop("series", None)
		name = make_autoname(series) if series else None
		return self.add(history.write(doctype, values, on or self.founded_on, name), group)

	def write_settings(self) -> None:
		"""Only what nobody has filled in."""
		settings = frappe.get_doc("Cronus CRM Settings")
		settings.company_name = settings.company_name or company.NAME
		settings.currency = settings.currency or company_currency()
		settings.save()

	def write_people(self) -> None:
		for team in company.TEAMS:
			self.new("Cronus Work Center", work_center=team.work_center, city=team.city)
			self.write_seller(team.manager, team.work_center, (SELLER, MANAGER))
			for name in team.sellers:
				roles = (SELLER, VIEWER) if name == company.DASHBOARD_VIEWER else (SELLER,)
				self.write_seller(name, team.work_center, roles, superior=team.manager)
		self.write_user(company.ASSISTANT, (BILLING,))
		self.write_user(company.ADMINISTRATOR, (ADMINISTRATOR,))
		self.write_user(company.SYSTEM_MANAGER, ("System Manager",))

	def write_user(self, name: str, roles: tuple[str, ...]) -> Document:
		return self.add(people.make_user(name, roles, self.language, self.password))

	def write_seller(
		self, name: str, work_center: str, roles: tuple[str, ...], superior: str | None = None
	) -> None:
		self.new(
			"Cronus Seller",
			seller_name=name,
			user=self.write_user(name, roles).name,
			work_center=work_center,
			parent_cronus_seller=superior,
		)

	def write_products(self) -> None:
		for product in company.PRODUCTS:
			self.new(
				"Cronus Product",
				product_code=product.code,
				product_name=product.name,
				product_type="Service" if product.is_service else "Goods",
				family=product.family,
				price=product.price,
				tax_rate=company.TAX_RATE,
			)

	def write_customers(self) -> None:
		for line in sorted({account.line for account in self.told.accounts}):
			if not frappe.db.exists("Cronus Business Line", line):
				self.new("Cronus Business Line", business_line=line)
		for account in self.told.accounts:
			customer = self.new(
				"Cronus Customer",
				customer_name=account.name,
				tax_id=account.tax_id,
				business_line=account.line,
				seller=account.seller,
				work_center=account.work_center,
				phone=account.phone,
				email=people.address_of(account.name),
				city=account.city,
				country=company.COUNTRY,
				employees=account.employees,
				payment_days=account.payment_days,
			)
			self.customers[account.name] = customer

	def events(self) -> list[tuple]:
		"""Everything that is to be written, by day: numbers of documents then rise with their dates."""
		events = []
		for deal in self.told.deals:
			events.append((deal.opened_on, 0, self.open_deal, deal))
			if deal.proforma_on:
				events.append((deal.proforma_on, 1, self.issue_proforma, deal))
			events.extend((bill.on, 2, self.issue_invoice, (deal, bill)) for bill in deal.bills)
			events.extend((task.starts_on.date(), 3, self.note_task, (deal, task)) for task in deal.tasks)
		events.extend((task.starts_on.date(), 3, self.note_task, (None, task)) for task in self.told.routine)
		return sorted(events, key=lambda event: event[:2])

	def whose(self, customer: str | None) -> dict[str, str]:
		"""The fields of a record that say which customer it is about, if any."""
		return {"customer": self.customers[customer].name, "customer_name": customer} if customer else {}

	def open_deal(self, deal: Deal) -> None:
		self.opportunities[deal.number] = self.new(
			"Cronus Opportunity",
			**self.whose(deal.customer),
			group=deal.number,
			on=deal.opened_on,
			series=f"OP-{deal.opened_on.year}-.#####",
			title=deal.title,
			prospect_name=deal.prospect,
			seller=deal.seller,
			work_center=self.work_centers[deal.seller],
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

	def issue_proforma(self, deal: Deal) -> None:
		opportunity = self.opportunities[deal.number]
		values = {f: opportunity.get(f) for f in ("customer", "seller", "work_center", "currency")}
		values |= {"opportunity": opportunity.name, "posting_date": deal.proforma_on}
		lines = [{"product": product.code, "quantity": quantity} for product, quantity in deal.lines]
		name = make_autoname(f"PF-{deal.proforma_on.year}-.#####")
		proforma = history.issue_proforma(values, lines, name)
		self.proformas[deal.number] = self.add_issued(proforma, deal)

	def issue_invoice(self, subject: tuple[Deal, story.Bill]) -> None:
		deal, bill = subject
		name = make_autoname(f"FAC-{bill.on.year}-.#####")
		invoice = history.issue_invoice(
			self.proformas[deal.number],
			on=bill.on,
			due=bill.due,
			quantities=list(bill.quantities),
			paid=bill.paid,
			name=name,
		)
		self.add_issued(invoice, deal)

	def add_issued(self, issued: history.Issued, deal: Deal) -> Document:
		if issued.activity:
			self.add(issued.activity, deal.number)
		return self.add(issued.document, deal.number)

	def note_task(self, subject: tuple[Deal | None, Task]) -> None:
		deal, task = subject
		self.new(
			"Cronus Activity",
			**self.whose(task.customer),
			group=deal.number if deal else None,
			# Written into the agenda some days before, if those have passed.
			on=min(task.starts_on.date() - timedelta(days=2), self.told.today),
			activity_type=task.kind,
			subject=task.subject,
			notes=task.notes,
			seller=task.seller,
			opportunity=self.opportunities[deal.number].name if deal else None,
			starts_on=task.starts_on,
			ends_on=task.ends_on,
			state=task.state,
			result=task.result,
			done_on=task.done_on,
		)

	def finish_follow_ups(self) -> None:
		"""Those that a seller has ended; the others were ended by their invoice or are pending."""
		for deal in self.told.deals:
			if deal.answer and (activity := history.activity_of(self.proformas[deal.number])):
				history.finish(activity, deal.answer.result, deal.answer.on)
