"""What is wrong with a customer: found every night and written on the customer, for lists, forms and
reports.

The alerts, each with its settings:

* *No purchase*: the last one is longer ago than so many days. Who has never bought has none.
* *Below its average*: in the last whole month it bought less than a percentage of its monthly average.
* *Pays late*: its days to pay are more than those agreed by so many days.
* *No credit left*: it owes its credit limit or more.

Figures are those of `customer_figures.py`, of all documents of the company: whoever sees the customer
sees its alerts, whichever documents they see. An alert's episode lasts while it holds; with the settings
saying so, its first night makes one activity for the customer's seller. A disabled customer has no
alerts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.utils import cint, flt, get_time, getdate, nowdate

from cronus_crm.base.batches import commit_between_batches
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.customer_figures import Documents, Purchases
from cronus_crm.cronus_crm.activities.follow_up import type_of_kind
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import language_of_seller

CUSTOMER = "Cronus Customer"

NO_PURCHASE, BELOW_AVERAGE, PAYS_LATE, NO_CREDIT = ALERTS = (
	"alert_no_purchase",
	"alert_below_average",
	"alert_pays_late",
	"alert_no_credit",
)

# The setting by which an alert makes an activity.
ACTIVITY_ON = {alert: alert.replace("alert_", "activity_on_") for alert in ALERTS}

# Customers in a transaction: what a seller who saves one may have to wait for.
BATCH = 500


@dataclass(frozen=True)
class Rules:
	"""What the settings say. Of an alert that is off: 0 days, 0 percent, None, False.

	no_purchase_days: without a purchase. below_percent: of the monthly average. late_days: more than agreed.
	"""

	no_purchase_days: int = 0
	below_percent: float = 0
	late_days: int | None = None
	no_credit: bool = False

	@classmethod
	def of_company(cls) -> "Rules":
		settings = frappe.get_cached_doc("Cronus CRM Settings")
		return cls(
			no_purchase_days=cint(settings.alert_no_purchase_days),
			below_percent=flt(settings.alert_below_percent),
			late_days=cint(settings.alert_pays_late_days) if settings.alert_pays_late else None,
			no_credit=bool(settings.alert_no_credit),
		)


@dataclass(frozen=True)
class CustomerState:
	"""What the alerts of a customer are judged by. days_to_pay: None without payments."""

	last_purchase: date | None = None
	purchases: Purchases = field(default_factory=Purchases)
	days_to_pay: float | None = None
	agreed_days: float = 0
	credit_limit: float = 0
	owed: float = 0

	def alerts(self, rules: Rules, today: date) -> frozenset[str]:
		"""The alerts that hold."""
		bought, found = self.purchases, set()
		if rules.no_purchase_days and self.last_purchase:
			if self.last_purchase < today - timedelta(days=rules.no_purchase_days):
				found.add(NO_PURCHASE)
		if rules.below_percent and bought.average > 0:
			if bought.last_month < bought.average * rules.below_percent / 100:
				found.add(BELOW_AVERAGE)
		if rules.late_days is not None and self.days_to_pay is not None:
			if self.days_to_pay > self.agreed_days + rules.late_days:
				found.add(PAYS_LATE)
		if rules.no_credit and self.credit_limit > 0 and self.owed >= self.credit_limit:
			found.add(NO_CREDIT)
		return frozenset(found)


def alert_label(alert: str, language: str | None = None) -> str:
	"""An alert in words."""
	return {
		NO_PURCHASE: _("No purchase lately", language),
		BELOW_AVERAGE: _("Below its average", language),
		PAYS_LATE: _("Pays later than agreed", language),
		NO_CREDIT: _("No credit left", language),
	}[alert]


def alerts_of_customer(customer: dict) -> list[str]:
	"""The alerts that a row of customers has, in their order."""
	return [alert for alert in ALERTS if customer.get(alert)]


def refresh_alerts() -> None:
	"""Daily: every customer has the alerts that hold, and what begins makes its activities.

	Figures are read in a few queries over all customers; only those that change are written, in the order of
	their names, each with its activities in one transaction.
	"""
	customers = _customers()
	right = _right_alerts(customers)
	changed = [row for row in customers if right[row.name] != frozenset(alerts_of_customer(row))]
	for batch in commit_between_batches(changed, BATCH):
		_write(batch, right)


def _customers() -> list[frappe._dict]:
	customer = DocType(CUSTOMER)
	return (
		frappe.qb.from_(customer)
		.select(
			customer.name,
			customer.customer_name,
			customer.seller,
			customer.disabled,
			customer.credit_limit,
			customer.payment_terms,
			customer.payment_days,
			customer.alerts_since,
			*(customer[alert] for alert in ALERTS),
		)
		.orderby(customer.name)
		.run(as_dict=True)
	)


def _right_alerts(customers: Sequence[frappe._dict]) -> dict[str, frozenset[str]]:
	documents, rules, today = Documents(of_company=True), Rules.of_company(), getdate(nowdate())
	last_purchases = customer_figures.last_purchases(documents)
	purchases = customer_figures.purchases(documents)
	days_to_pay = customer_figures.days_to_pay(documents)
	owed = customer_figures.owed(documents)
	found = {}
	for row in customers:
		if row.disabled:
			found[row.name] = frozenset()
			continue
		found[row.name] = CustomerState(
			last_purchase=last_purchases.get(row.name),
			purchases=purchases.get(row.name, Purchases()),
			days_to_pay=days_to_pay.get(row.name),
			agreed_days=customer_figures.agreed_days(row.payment_terms, row.payment_days),
			credit_limit=flt(row.credit_limit),
			owed=owed[row.name].total if row.name in owed else 0,
		).alerts(rules, today)
	return found


def _write(batch: list[frappe._dict], right: dict[str, frozenset[str]]) -> None:
	together = defaultdict(list)
	for row in batch:
		alerts = right[row.name]
		together[alerts, (row.alerts_since or getdate(nowdate())) if alerts else None].append(row.name)
	customer = DocType(CUSTOMER)
	for (alerts, since), names in together.items():
		query = frappe.qb.update(customer).set(customer.alerts_since, since)
		for alert in ALERTS:
			query = query.set(customer[alert], int(alert in alerts))
		query.where(customer.name.isin(names)).run()
	settings = frappe.get_cached_doc("Cronus CRM Settings")
	for row in batch:
		frappe.clear_document_cache(CUSTOMER, row.name)
		for alert in ALERTS:
			if alert in right[row.name] and not row[alert] and settings.get(ACTIVITY_ON[alert]):
				_make_activity(row, alert)


def _make_activity(customer: frappe._dict, alert: str) -> None:
	"""The activity of an episode: the key of its first day is unique, whatever repeats the night's work."""
	if not customer.seller:
		return
	settings = frappe.get_cached_doc("Cronus CRM Settings")
	subject = f"{customer.customer_name}: {alert_label(alert, language_of_seller(customer.seller))}"
	day = WorkingDays.from_settings().next_working_day(getdate(nowdate()))
	activity = frappe.new_doc("Cronus Activity")
	activity.update(
		{
			"subject": subject[:140],
			"activity_type": type_of_kind("Call", settings.alert_activity_type),
			"customer": customer.name,
			"seller": customer.seller,
			"starts_on": datetime.combine(day, get_time(settings.follow_up_time or "09:00")),
			"origin_key": f"Alert/{customer.name}/{alert}/{nowdate()}",
		}
	)
	activity.insert(ignore_permissions=True)  # the scheduler makes it, for its seller
