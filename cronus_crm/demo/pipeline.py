"""Writes a sales pipeline (see `pipeline_csv.py`) on a site: teams, customers, products, deals, documents.

Every name comes from the files, so that a second run finds the existing records and an interrupted one
continues: each deal is written as a whole or not at all.
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
from cronus_crm.cronus_billing.pricing import taxes
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.demo import demo_users, past_documents, pipeline_csv
from cronus_crm.demo.demo_error import DemoError
from cronus_crm.demo.pipeline_csv import Account, Deal, Pipeline

OPPORTUNITY = "Cronus Opportunity"
CURRENCY = "USD"
# The work that an interruption loses: a hundred deals take one or two seconds.
DEALS_PER_TRANSACTION = 100

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


def load_pipeline(
	folder: str, date_order: str, password: str | None = None, progress: Progress | None = None
) -> Summary:
	"""Loads the pipeline of a folder; a second time it changes nothing.

	date_order: see `pipeline_csv.DATE_ORDERS`. password: of the users it makes; without one they cannot log
	in until somebody sets it.

	Raises DemoError, with nothing loaded, when the files or the site are not as they must be.
	"""
	pipeline = pipeline_csv.read_pipeline(folder, date_order)
	_check_site(pipeline)
	if password:
		demo_users.refuse_easy_password(password)
	with past_documents.import_mode():
		_write_masters(pipeline, password)
		# A plain commit: other processes must drop their caches of what was changed, such as the tree of
		# sellers.
		frappe.db.commit()
		loaded = _write_deals(pipeline, progress)
	return _read_summary(pipeline, loaded)


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
		f"{_(doctype)} {name}" for doctype, name in dict.fromkeys(needed) if not _record_exists(doctype, name)
	]
	if missing:
		raise DemoError(_("The site lacks {0}. Create it, then repeat.").format(", ".join(missing)))


def _record_exists(doctype: str, name: str) -> bool:
	return bool(frappe.db.exists(doctype, name))


def _ensure_record(doctype: str, name_field: str, name: str, **values) -> None:
	if not _record_exists(doctype, name):
		doc = frappe.new_doc(doctype)
		doc.update({name_field: name, **values})
		doc.insert()


def _write_masters(pipeline: Pipeline, password: str | None) -> None:
	for office in sorted({agent.office for agent in pipeline.agents.values()}):
		_ensure_record("Cronus Work Center", "work_center", office)
	managers = {agent.manager: agent.office for agent in pipeline.agents.values()}
	for name, office in managers.items():
		_write_seller(name, office, (SELLER, MANAGER), password)
	for agent in pipeline.agents.values():
		_write_seller(agent.name, agent.office, (SELLER,), password, superior=agent.manager)
	for product in pipeline.products.values():
		_ensure_record(
			"Cronus Product",
			"product_code",
			product.name,
			product_name=product.name,
			family=product.series,
			price=product.price,
			# The amounts of a pipeline are without taxes.
			tax_rate=None if taxes.find_default_tax() else 0,
		)
	for sector in sorted({account.sector for account in pipeline.accounts.values()}):
		_ensure_record("Cronus Business Line", "business_line", sector.capitalize())
	_write_customers(pipeline)


def _write_seller(
	name: str, office: str, roles: tuple[str, ...], password: str | None, superior: str | None = None
) -> None:
	if _record_exists("Cronus Seller", name):
		return
	email = demo_users.make_email_address(name)
	if not _record_exists("User", email):
		demo_users.make_user(name, roles, password=password)
	_ensure_record(
		"Cronus Seller",
		"seller_name",
		name,
		user=email,
		work_center=office,
		parent_cronus_seller=superior,
	)


def _write_customers(pipeline: Pipeline) -> None:
	sellers = _choose_main_sellers(pipeline)
	existing = _find_customers(pipeline)
	for account in pipeline.accounts.values():
		if account.name not in existing:
			existing[account.name] = _write_customer(account, sellers.get(account.name), existing)


def _find_customers(pipeline: Pipeline) -> dict[str, str]:
	"""Customers of the site by the name of their account."""
	found = frappe.get_all(
		"Cronus Customer",
		filters={"customer_name": ("in", list(pipeline.accounts))},
		fields=["customer_name", "name"],
		as_list=True,
		order_by="creation desc",
	)
	return dict(found)


def _choose_main_sellers(pipeline: Pipeline) -> dict[str, str]:
	"""The agent with most deals of each account: the files do not say whose customer it is."""
	deals = Counter((deal.account, deal.agent) for deal in pipeline.deals if deal.account)
	main: dict[str, str] = {}
	for (account, agent), _number in sorted(deals.items(), key=lambda item: (-item[1], item[0])):
		main.setdefault(account, agent)
	return main


def _write_customer(account: Account, seller: str | None, existing: dict[str, str]) -> str:
	customer = frappe.new_doc("Cronus Customer")
	customer.update(
		{
			"customer_name": account.name,
			"business_line": account.sector.capitalize(),
			"seller": seller,
			"parent_customer": existing.get(account.parent),
			"country": account.country,
			"annual_revenue": account.revenue,
			"employees": account.employees,
			"year_established": account.year_established,
		}
	)
	return customer.insert().name


def _write_deals(pipeline: Pipeline, progress: Progress | None) -> int:
	"""Writes the deals that are not on the site yet, and gives back their number."""
	existing = set(
		frappe.get_all(
			OPPORTUNITY, filters={"external_key": ("is", "set")}, pluck="external_key", order_by="name asc"
		)
	)
	missing = [deal for deal in pipeline.deals if deal.key not in existing]
	writer = _DealWriter(pipeline)
	for number, deal in enumerate(missing, start=1):
		writer.write(deal)
		if number % DEALS_PER_TRANSACTION == 0 or number == len(missing):
			writer.write_stage_logs()
			if number == len(missing):
				traffic_light.recompute_all_records()
			past_documents.commit_without_notices()
		if progress:
			progress(number, len(missing), _("Opportunities"))
	return len(missing)


class _DealWriter:
	"""Writes opportunity, proforma, invoice and payment of a deal.

	unwritten_stage_logs: opportunities with their rows until the next `write_stage_logs`.
	"""

	def __init__(self, pipeline: Pipeline):
		self.pipeline = pipeline
		self.customers = _find_customers(pipeline)
		offices = frappe.get_all(
			"Cronus Seller", fields=["name", "work_center"], as_list=True, order_by="name asc"
		)
		self.offices: dict[str, str | None] = dict(offices)
		self.unwritten_stage_logs: list[tuple[Document, list[past_documents.Row]]] = []

	def write(self, deal: Deal) -> None:
		opportunity = self.write_opportunity(deal)
		self.unwritten_stage_logs.append((opportunity, self.make_stage_log(deal)))
		if not (deal.account and deal.engaged_on):
			return
		proforma, follow_ups = self.issue_proforma(deal, opportunity)
		if deal.stage == "Won":
			past_documents.mark_as_won(opportunity, self.issue_invoice(deal, proforma))
		elif deal.stage == "Lost":
			for follow_up in follow_ups:
				past_documents.finish_activity(follow_up, "Cancelled", deal.closed_on)

	def list_price(self, deal: Deal) -> float:
		"""The price of the deal's product in the list of products, in US dollars, without tax."""
		return self.pipeline.products[deal.product].price

	def write_opportunity(self, deal: Deal) -> Document:
		value = self.list_price(deal) if deal.value is None else deal.value
		if deal.account:
			party = {"customer": self.customers[deal.account], "customer_name": deal.account}
		else:
			party = {"prospect_name": _("Prospect of {0}").format(deal.key)}
		return past_documents.write_document(
			OPPORTUNITY,
			{
				**party,
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
		line = {"product": deal.product, "quantity": 1, "price": self.list_price(deal)}
		return past_documents.issue_proforma(values, [line], name=f"PF-{deal.key}")

	def issue_invoice(self, deal: Deal, proforma: Document) -> Document:
		invoice = past_documents.issue_invoice(
			proforma, on=deal.closed_on, due=deal.closed_on, prices=[deal.value], name=f"FAC-{deal.key}"
		)
		if invoice.document.grand_total:
			# The files have no collections; a won deal counts as paid on the day of its closing.
			document = past_documents.delete_activities(invoice).document
			past_documents.pay_invoice(document, document.grand_total, deal.closed_on, name=f"PAG-{deal.key}")
		return invoice.document

	def make_stage_log(self, deal: Deal) -> list[past_documents.Row]:
		"""The stage log of a deal: engaged on `engaged_on`, then closed.

		Empty for a deal without that day; then the row that the controller has written stays.
		"""
		if not deal.engaged_on:
			return []
		engaged = {"stage": STAGES["Engaging"], "entered_on": _at_noon(deal.engaged_on), "left_on": None}
		if not deal.closed_on:
			return [engaged | {"loss_reason": None}]
		closed_on = _at_noon(deal.closed_on)
		lost = LOSS_REASON if deal.stage == "Lost" else None
		return [
			engaged | {"left_on": closed_on, "loss_reason": None},
			{"stage": STAGES[deal.stage], "entered_on": closed_on, "left_on": None, "loss_reason": lost},
		]

	def write_stage_logs(self) -> None:
		past_documents.write_stage_log((deal, stays) for deal, stays in self.unwritten_stage_logs if stays)
		# Stage rows, the opening day of a deal and the end of an activity were written past the document
		# events that update the totals.
		recount_totals.repair(("Stage reached", "Furthest stage", "Deal opened", "Activity done"))
		self.unwritten_stage_logs.clear()


def _at_noon(day: date) -> datetime:
	return datetime.combine(day, time(12))


def _read_summary(pipeline: Pipeline, loaded: int) -> Summary:
	"""The summary of the opportunities on the site, not of the files, so that it shows what was really
	written."""
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
