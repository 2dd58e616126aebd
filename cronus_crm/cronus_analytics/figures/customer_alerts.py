"""Alerts of customers: computed every night and stored on the customer, for lists, forms and reports.

The alerts, with the thresholds of Cronus CRM Settings:

* *No purchase*: the last purchase is more than `alert_no_purchase_days` days ago. A customer that has never
  bought has no such alert.
* *Below its average*: purchases of the last whole month < `alert_below_percent` % of its monthly average.
* *Pays late*: days to pay > agreed days + `alert_pays_late_days`.
* *No credit left*: amount owed ≥ credit limit.

The figures are those of `customer_figures.py` over all documents of the company: every user who sees the
customer sees the same alerts, whichever documents they see. The night on which an alert begins to hold, an
activity is created for the customer's seller, if the settings say so. A disabled customer has no alerts.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import cint, flt, get_time
from pypika.queries import QueryBuilder

from cronus_crm.base.batches import commit_between_batches
from cronus_crm.base.company import company_today
from cronus_crm.base.present_records import get_settings
from cronus_crm.base.working_days import WorkingDays
from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.counted_documents import Documents
from cronus_crm.cronus_analytics.figures.customer_figures import Purchases
from cronus_crm.cronus_crm.activities import follow_up
from cronus_crm.cronus_crm.activities.follow_up import find_activity_type
from cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller import language_of_seller

CUSTOMER = "Cronus Customer"

NO_PURCHASE, BELOW_AVERAGE, PAYS_LATE, NO_CREDIT = ALERTS = (
	"alert_no_purchase",
	"alert_below_average",
	"alert_pays_late",
	"alert_no_credit",
)

# The field of the settings that says whether an alert creates an activity.
ACTIVITY_SETTINGS = {alert: alert.replace("alert_", "activity_on_") for alert in ALERTS}

# Customers in one transaction. Their rows are locked until it ends, so this bounds how long a user waits.
BATCH_SIZE = 500


@dataclass(frozen=True)
class Rules:
	"""The thresholds of the alerts; the default value of each turns its alert off.

	no_purchase_days: days without a purchase. below_percent: percentage of the monthly average. late_days:
	days beyond those agreed.
	"""

	no_purchase_days: int = 0
	below_percent: float = 0
	late_days: int | None = None
	no_credit: bool = False

	@classmethod
	def from_settings(cls) -> "Rules":
		settings = get_settings()
		return cls(
			no_purchase_days=cint(settings.alert_no_purchase_days),
			below_percent=flt(settings.alert_below_percent),
			late_days=cint(settings.alert_pays_late_days) if settings.alert_pays_late else None,
			no_credit=bool(settings.alert_no_credit),
		)


@dataclass(frozen=True)
class CustomerState:
	"""The figures of a customer that its alerts depend on, in the company's currency. days_to_pay: None
	without payments."""

	last_purchase: date | None = None
	purchases: Purchases = field(default_factory=Purchases)
	days_to_pay: float | None = None
	agreed_days: float = 0
	credit_limit: float = 0
	owed: float = 0

	def find_alerts(self, rules: Rules, today: date) -> frozenset[str]:
		"""The alerts that hold on a day, of ALERTS."""
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
	"""The translated name of an alert; language: by default, that of the session."""
	return {
		NO_PURCHASE: _("No purchase lately", language),
		BELOW_AVERAGE: _("Below its average", language),
		PAYS_LATE: _("Pays later than agreed", language),
		NO_CREDIT: _("No credit left", language),
	}[alert]


def list_alerts(customer: dict) -> list[str]:
	"""The alerts stored on a customer (a row with the fields ALERTS), in the order of ALERTS."""
	return [alert for alert in ALERTS if customer.get(alert)]


def refresh_alerts() -> None:
	"""Daily: stores on every customer the alerts that hold, and creates the activities of those that begin.

	Figures are read in a few queries over all customers. Only customers whose alerts change are written, in
	the order of their names; a customer and its activities are written in one transaction.
	"""
	customers = read_customers()
	expected = compute_alerts(customers, Documents(whole_company=True))
	changed = [row for row in customers if expected[row.name] != frozenset(list_alerts(row))]
	for batch in commit_between_batches(changed, BATCH_SIZE):
		_store_alerts(batch, expected)


def read_customers(which: QueryBuilder | None = None) -> list[frappe._dict]:
	"""The customers, with all that `compute_alerts` and `refresh_alerts` need of them.

	which: a query over the table of customers that selects nothing yet; by default, all customers.
	"""
	customer = DocType(CUSTOMER)
	return (
		(which or frappe.qb.from_(customer))
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


def compute_alerts(customers: Sequence[frappe._dict], documents: Documents) -> dict[str, frozenset[str]]:
	"""The alerts of each customer (rows of `read_customers`), by the thresholds and terms of today.

	documents: those of the whole company, of these customers at least; as of a past day for its alerts.
	"""
	rules = Rules.from_settings()
	last_purchases = customer_figures.find_last_purchases(documents)
	purchases = customer_figures.sum_purchases_by_customer(documents)
	days_to_pay = customer_figures.compute_days_to_pay(documents)
	owed = customer_figures.sum_owed_by_customer(documents)
	found = {}
	for row in customers:
		if row.disabled:
			found[row.name] = frozenset()
			continue
		found[row.name] = CustomerState(
			last_purchase=last_purchases.get(row.name),
			purchases=purchases.get(row.name, Purchases()),
			days_to_pay=days_to_pay.get(row.name),
			agreed_days=customer_figures.compute_agreed_days(row.payment_terms, row.payment_days),
			credit_limit=flt(row.credit_limit),
			owed=owed[row.name].total if row.name in owed else 0,
		).find_alerts(rules, documents.day)
	return found


def _store_alerts(batch: list[frappe._dict], expected: dict[str, frozenset[str]]) -> None:
	# Customers that get the same values are written in one statement.
	groups = defaultdict(list)
	for row in batch:
		alerts = expected[row.name]
		groups[alerts, (row.alerts_since or company_today()) if alerts else None].append(row.name)
	customer = DocType(CUSTOMER)
	for (alerts, since), names in groups.items():
		query = frappe.qb.update(customer).set(customer.alerts_since, since)
		for alert in ALERTS:
			query = query.set(customer[alert], int(alert in alerts))
		query.where(customer.name.isin(names)).run()
	settings = get_settings()
	for row in batch:
		frappe.clear_document_cache(CUSTOMER, row.name)
		for alert in ALERTS:
			if alert in expected[row.name] and not row[alert] and settings.get(ACTIVITY_SETTINGS[alert]):
				_make_activity(row, alert)


def _make_activity(customer: frappe._dict, alert: str) -> None:
	"""Creates the activity of an alert that begins today, for the customer's seller; none without a seller.

	`origin_key` is unique, so two jobs at once create no second activity.
	"""
	if not customer.seller:
		return
	key = f"{_alert_key(customer.name)}/{alert}/{company_today()}"
	# It ended and began again since the last night, or this one was interrupted.
	if frappe.db.exists("Cronus Activity", {"origin_key": key}):
		return
	settings = get_settings()
	subject = f"{customer.customer_name}: {alert_label(alert, language_of_seller(customer.seller))}"
	day = WorkingDays.from_settings().next_working_day(company_today())
	activity = frappe.new_doc("Cronus Activity")
	activity.update(
		{
			"subject": subject[:140],
			"activity_type": find_activity_type("Call", settings.alert_activity_type),
			"customer": customer.name,
			"seller": customer.seller,
			"starts_on": datetime.combine(day, get_time(settings.follow_up_time or "09:00")),
			"origin_key": key,
		}
	)
	activity.insert(ignore_permissions=True)  # the scheduler makes it, for its seller


def on_customer_rename(doc: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of Cronus Customer: the keys of its alerts' activities bear its new name."""
	follow_up.rename_origin_keys(_alert_key(old), _alert_key(new))


def _alert_key(customer: str) -> str:
	return f"Alert/{customer}"
