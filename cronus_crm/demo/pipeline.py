"""Writes a sales pipeline (see `pipeline_csv.py`) on a site: teams, customers, products, deals, documents.

Every name comes from the files, so that a second run finds what is there and an interrupted one goes on where
it was: each deal is written whole or not at all.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import flt

from cronus_crm.base.batches import Progress
from cronus_crm.base.company import company_currency
from cronus_crm.cronus_analytics.ledger import recount_totals
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.demo import demo_users, past_documents, pipeline_csv
from cronus_crm.demo.errors import DemoError
from cronus_crm.demo.pipeline_csv import Account, Deal, Pipeline

OPPORTUNITY = "Cronus Opportunity"
CURRENCY = "USD"
# A hundred deals take a second or two: what an interruption can cost.
DEALS_IN_A_TRANSACTION = 100

STAGES = {"Prospecting": "Initial contact", "Engaging": "Negotiation", "Won": "Won", "Lost": "Not won"}
LOSS_REASON = "Not recorded"
SELLER, MANAGER = "Cronus Seller", "Cronus Sales Manager"


@dataclass(frozen=True)
class Summary:
	"""What the site holds of a pipeline. Amounts in US dollars; win rate: won / (won + lost), 0 to 1.

	loaded: the deals that this run has written. best: (seller, amount won), best first.
	"""

	loaded: int
	won: int
	lost: int
	open: int
	amount_won: float
	best: tuple[tuple[str, float], ...]

	@property
	def win_rate(self) -> float:
		return self.won / (self.won + self.lost) if self.won + self.lost else 0.0


def load(
	folder: str, date_order: str, password: str | None = None, progress: Progress | None = None
) -> Summary:
	"""Loads the pipeline of a folder; a second time it changes nothing.

	date_order: see `pipeline_csv.DATE_ORDERS`. password: of the users it makes; without one they cannot log
	in until somebody sets it.

	Raises DemoError, with nothing loaded, when the files or the site are not as they must be.
	"""
	pipeline = pipeline_csv.read(folder, date_order)
	_check_site(pipeline)
	if password:
		demo_users.refuse_easy_password(password)
	with past_documents.importing():
		_write_masters(pipeline, password)
		# Not quietly: other processes may hold copies of what was changed, such as the tree of sellers.
		frappe.db.commit()
		loaded = _write_deals(pipeline, progress)
	return _summary(pipeline, loaded)


def _check_site(pipeline: Pipeline) -> None:
	if company_currency() != CURRENCY:
		raise DemoError(
			_("The pipeline is in {0} and the company's currency is {1}: choose {0} in the settings.").format(
				CURRENCY, company_currency()
			)
		)
	needed = [
		*(("Cronus Stage", stage) for stage in STAGES.values()),
		("Cronus Loss Reason", LOSS_REASON),
		*(("Country", account.country) for account in pipeline.accounts.values()),
	]
	missing = [
		f"{_(doctype)} {name}" for doctype, name in dict.fromkeys(needed) if not _exists(doctype, name)
	]
	if missing:
		raise DemoError(_("The site lacks {0}. Create it, then repeat.").format(", ".join(missing)))


def _exists(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists(doctype, name))


def _ensure(doctype: str, name_field: str, name: str, **values) -> None:
	if not _exists(doctype, name):
		doc = frappe.new_doc(doctype)
		doc.update({name_field: name, **values})
		doc.insert()


def _write_masters(pipeline: Pipeline, password: str | None) -> None:
	for office in sorted({agent.office for agent in pipeline.agents.values()}):
		_ensure("Cronus Work Center", "work_center", office)
	managers = {agent.manager: agent.office for agent in pipeline.agents.values()}
	for name, office in managers.items():
		_write_seller(name, office, (SELLER, MANAGER), password)
	for agent in pipeline.agents.values():
		_write_seller(agent.name, agent.office, (SELLER,), password, superior=agent.manager)
	for product in pipeline.products.values():
		_ensure(
			"Cronus Product",
			"product_code",
			product.name,
			product_name=product.name,
			family=product.series,
			price=product.price,
		)
	for sector in sorted({account.sector for account in pipeline.accounts.values()}):
		_ensure("Cronus Business Line", "business_line", sector.capitalize())
	_write_customers(pipeline)


def _write_seller(
	name: str, office: str, roles: tuple[str, ...], password: str | None, superior: str | None = None
) -> None:
	if _exists("Cronus Seller", name):
		return
	email = demo_users.address_of(name)
	if not _exists("User", email):
		demo_users.make_user(name, roles, password=password)
	_ensure(
		"Cronus Seller",
		"seller_name",
		name,
		user=email,
		work_center=office,
		parent_cronus_seller=superior,
	)


def _write_customers(pipeline: Pipeline) -> None:
	sellers = _main_sellers(pipeline)
	there = _customers(pipeline)
	for account in pipeline.accounts.values():
		if account.name not in there:
			there[account.name] = _write_customer(account, sellers.get(account.name), there)


def _customers(pipeline: Pipeline) -> dict[str, str]:
	"""Customers of the site by the name of their account."""
	found = frappe.get_all(
		"Cronus Customer",
		filters={"customer_name": ("in", list(pipeline.accounts))},
		fields=["customer_name", "name"],
		as_list=True,
		order_by="creation desc",
	)
	return dict(found)


def _main_sellers(pipeline: Pipeline) -> dict[str, str]:
	"""Of each account, the agent with most of its deals: the files do not say whose customer it is."""
	deals = Counter((deal.account, deal.agent) for deal in pipeline.deals if deal.account)
	main: dict[str, str] = {}
	for (account, agent), _number in sorted(deals.items(), key=lambda item: (-item[1], item[0])):
		main.setdefault(account, agent)
	return main


def _write_customer(account: Account, seller: str | None, there: dict[str, str]) -> str:
	customer = frappe.new_doc("Cronus Customer")
	customer.update(
		{
			"customer_name": account.name,
			"business_line": account.sector.capitalize(),
			"seller": seller,
			"parent_customer": there.get(account.parent),
			"country": account.country,
			"annual_revenue": account.revenue,
			"employees": account.employees,
			"year_established": account.year_established,
		}
	)
	return customer.insert().name


def _write_deals(pipeline: Pipeline, progress: Progress | None) -> int:
	"""Writes the deals that are not there yet and gives back how many those were."""
	there = set(
		frappe.get_all(
			OPPORTUNITY, filters={"external_key": ("is", "set")}, pluck="external_key", order_by="name asc"
		)
	)
	missing = [deal for deal in pipeline.deals if deal.key not in there]
	writer = _DealWriter(pipeline)
	for number, deal in enumerate(missing, start=1):
		writer.write(deal)
		if number % DEALS_IN_A_TRANSACTION == 0 or number == len(missing):
			writer.write_stays()
			if number == len(missing):
				traffic_light.recompute_all()
			past_documents.commit_quietly()
		if progress:
			progress(number, len(missing), _("Opportunities"))
	return len(missing)


class _DealWriter:
	"""Plays a deal out in documents."""

	def __init__(self, pipeline: Pipeline):
		self.pipeline = pipeline
		self.customers = _customers(pipeline)
		offices = frappe.get_all(
			"Cronus Seller", fields=["name", "work_center"], as_list=True, order_by="name asc"
		)
		self.offices: dict[str, str | None] = dict(offices)
		self.unwritten: list[tuple[Document, list[past_documents.Row]]] = []

	def write(self, deal: Deal) -> None:
		opportunity = self.write_opportunity(deal)
		self.unwritten.append((opportunity, self.stays(deal)))
		if not (deal.account and deal.engaged_on):
			return
		proforma, follow_ups = self.issue_proforma(deal, opportunity)
		if deal.stage == "Won":
			past_documents.win(opportunity, self.issue_invoice(deal, proforma))
		elif deal.stage == "Lost":
			for follow_up in follow_ups:
				past_documents.finish(follow_up, "Cancelled", deal.closed_on)

	def price(self, deal: Deal) -> float:
		"""In the list of products, without tax."""
		return self.pipeline.products[deal.product].price

	def write_opportunity(self, deal: Deal) -> Document:
		value = self.price(deal) if deal.value is None else deal.value
		if deal.account:
			whose = {"customer": self.customers[deal.account], "customer_name": deal.account}
		else:
			whose = {"prospect_name": _("Prospect of {0}").format(deal.key)}
		return past_documents.write(
			OPPORTUNITY,
			{
				**whose,
				"title": f"{deal.product} · {deal.account or deal.key}",
				"seller": deal.agent,
				"work_center": self.offices[deal.agent],
				"stage": STAGES[deal.stage],
				"loss_reason": LOSS_REASON if deal.stage == "Lost" else None,
				"currency": CURRENCY,
				"products": [{"product": deal.product, "quantity": 1, "price": value}],
				"opened_on": deal.engaged_on,
				"closed_on": deal.closed_on,
				"external_key": deal.key,
			},
			on=deal.engaged_on,
			name=f"OP-{deal.key}",
		)

	def issue_proforma(self, deal: Deal, opportunity: Document) -> past_documents.Issued:
		values = {f: opportunity.get(f) for f in ("customer", "seller", "work_center", "currency")}
		values |= {"opportunity": opportunity.name, "posting_date": deal.engaged_on}
		line = {"product": deal.product, "quantity": 1, "price": self.price(deal)}
		return past_documents.issue_proforma(values, [line], name=f"PF-{deal.key}")

	def issue_invoice(self, deal: Deal, proforma: Document) -> Document:
		invoice = past_documents.issue_invoice(
			proforma, on=deal.closed_on, due=deal.closed_on, prices=[deal.value], name=f"FAC-{deal.key}"
		)
		if invoice.document.grand_total:
			# The files know of no collections: what was won was paid.
			document = past_documents.forget(invoice).document
			past_documents.pay(document, document.grand_total, deal.closed_on, name=f"PAG-{deal.key}")
		return invoice.document

	def stays(self, deal: Deal) -> list[past_documents.Row]:
		"""Where a deal was: engaged from the day that the files say, and then closed.

		Of a deal without that day they say nothing; where it is now is what its controller has noted.
		"""
		if not deal.engaged_on:
			return []
		engaged = {"stage": STAGES["Engaging"], "entered_on": _noon(deal.engaged_on), "left_on": None}
		if not deal.closed_on:
			return [engaged | {"loss_reason": None}]
		closed_on = _noon(deal.closed_on)
		lost = LOSS_REASON if deal.stage == "Lost" else None
		return [
			engaged | {"left_on": closed_on, "loss_reason": None},
			{"stage": STAGES[deal.stage], "entered_on": closed_on, "left_on": None, "loss_reason": lost},
		]

	def write_stays(self) -> None:
		past_documents.write_stays((deal, stays) for deal, stays in self.unwritten if stays)
		# Written past the events that count them: stays, the day on which a deal was made, and that on which
		# an activity was done.
		recount_totals.repair(("Stage reached", "Deal opened", "Activity done"))
		self.unwritten.clear()


def _noon(day: date) -> datetime:
	return datetime.combine(day, time(12))


def _summary(pipeline: Pipeline, loaded: int) -> Summary:
	"""Read from the site, not from the files: what was asked for is what is there."""
	opportunity = DocType(OPPORTUNITY)
	rows = (
		frappe.qb.from_(opportunity)
		.select(opportunity.state, opportunity.seller, Count("*"), Sum(opportunity.value))
		.where(opportunity.external_key.isin([deal.key for deal in pipeline.deals]))
		.groupby(opportunity.state, opportunity.seller)
	).run()
	numbers, won_by = Counter(), Counter()
	for state, seller, number, amount in rows:
		numbers[state] += number
		if state == "Won":
			won_by[seller] += flt(amount, 2)
	finished = numbers["Won"] + numbers["Not won"]
	best = sorted(won_by.items(), key=lambda item: (-item[1], item[0]))[:5]
	return Summary(
		loaded=loaded,
		won=numbers["Won"],
		lost=numbers["Not won"],
		open=numbers.total() - finished,
		amount_won=flt(sum(won_by.values()), 2),
		best=tuple(best),
	)
