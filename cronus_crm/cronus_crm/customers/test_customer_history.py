from datetime import date, datetime, timedelta

import frappe
import pytest
from frappe.utils import add_days, nowdate

from cronus_crm.cronus_crm.customers.customer_history import KINDS, Item, read_history
from tests.scaffold import (
	invoice_of,
	issue_proforma,
	make_customer,
	make_opportunity,
	make_seller,
)

NOON = datetime(2026, 3, 2, 12)


def make_activity(customer: str, seller: str, when: datetime = NOON, kind: str = "Call", **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"activity_type": kind,
			"subject": f"{kind} at {when}",
			"customer": customer,
			"seller": seller,
			"starts_on": when,
			**fields,
		}
	).insert(ignore_permissions=True)


def make_email(about, when: datetime = NOON, **fields):
	return frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"subject": "Offer",
			"sender": "seller@example.com",
			"recipients": "ana@example.com",
			"reference_doctype": about.doctype,
			"reference_name": about.name,
			"communication_date": when,
			"content": "…",
			**fields,
		}
	).insert(ignore_permissions=True)


def pages(customer: str, limit: int, **arguments) -> list[dict]:
	"""Every item, read page by page as the form does."""
	found, before = [], None
	while True:
		page = read_history(customer, before=before, limit=limit, **arguments)
		assert len(page["items"]) <= limit
		found += page["items"]
		if not page["next"]:
			return found
		before = frappe.as_json(page["next"])


def keys(items: list[dict]) -> list[tuple[str, str]]:
	return [(item["doctype"], item["name"]) for item in items]


@pytest.fixture
def busy():
	"""A customer with something of every source, much of it at the same moment."""
	seller = make_seller()
	customer = make_customer(seller.name)
	opportunity = make_opportunity(seller.name, customer.name, opened_on=NOON.date(), value=4500)
	proformas = [issue_proforma(seller.name, customer=customer.name) for _number in range(3)]
	invoice = invoice_of(proformas[0])
	proformas[1].cancel()
	calls = [make_activity(customer.name, seller.name) for _number in range(4)]
	mails = [make_email(document) for document in (customer, opportunity, proformas[0], customer)]
	frappe.set_user(seller.user)
	return frappe._dict(
		seller=seller,
		customer=customer,
		opportunity=opportunity,
		proformas=proformas,
		invoice=invoice,
		calls=calls,
		mails=mails,
	)


def test_pages_neither_repeat_nor_lose_what_happened_at_the_same_time(busy):
	everything = {
		(document.doctype, document.name)
		for document in [busy.opportunity, *busy.proformas, busy.invoice, *busy.calls, *busy.mails]
	}
	at_once = read_history(busy.customer.name, limit=100)["items"]
	assert everything <= set(keys(at_once))
	assert [item["when"] for item in at_once] == sorted((item["when"] for item in at_once), reverse=True)
	for limit in (1, 2, 3, 7):
		assert keys(pages(busy.customer.name, limit)) == keys(at_once)


def test_every_item_says_what_it_is(busy):
	items = {(item["doctype"], item["name"]): item for item in pages(busy.customer.name, 100)}
	assert {item["kind"] for item in items.values()} <= set(KINDS)
	opportunity = items[busy.opportunity.doctype, busy.opportunity.name]
	assert (opportunity["kind"], opportunity["amount"], opportunity["when"]) == (
		"Deal",
		4500,
		datetime(2026, 3, 2),
	)
	invoice = items["Invoice", busy.invoice.name]
	assert (invoice["title"], invoice["amount"]) == (f"Invoice {busy.invoice.name}", busy.invoice.grand_total)
	assert "left to pay" in invoice["summary"]
	assert items["Proforma", busy.proformas[1].name]["state"] == "Cancelled"
	assert "left to invoice" in items["Proforma", busy.proformas[2].name]["summary"]
	mail = items["Communication", busy.mails[0].name]
	assert (mail["title"], mail["summary"]) == ("Offer", "seller@example.com → ana@example.com")


def test_notes_are_told_in_short_and_without_format(busy):
	frappe.set_user("Administrator")
	call = make_activity(
		busy.customer.name,
		busy.seller.name,
		NOON + timedelta(days=900),
		notes=f"<p>Wants <b>chairs</b></p><p>{'very ' * 60}soon</p>",
		state="Done",
		result="Order made",
	)
	item = read_history(busy.customer.name, limit=1)["items"][0]
	assert item["name"] == call.name
	assert item["summary"].startswith("Order made · Wants chairs")
	assert item["summary"].endswith("…")


def test_kinds_narrow_it(busy):
	for kinds, doctypes in (
		(["Call"], {"Cronus Activity"}),
		(["Visit"], set()),
		(["Document"], {"Proforma", "Invoice"}),
		(["Deal", "E-mail"], {"Cronus Opportunity", "Communication"}),
	):
		items = pages(busy.customer.name, 5, kinds=frappe.as_json(kinds))
		assert {item["doctype"] for item in items} == doctypes
		assert {item["kind"] for item in items} <= set(kinds)


def test_an_unknown_kind_is_refused():
	with pytest.raises(frappe.ValidationError, match="Secrets"):
		read_history(make_customer().name, kinds=["Secrets"])


def test_dates_narrow_it_and_both_are_included():
	seller = make_seller()
	customer = make_customer(seller.name)
	for days in (-2, -1, 1, 2):
		make_activity(customer.name, seller.name, NOON + timedelta(days=days), kind="Visit")
	found = pages(customer.name, 2, since="2026-03-01", until="2026-03-03", kinds=["Visit"])
	assert [item["when"].date() for item in found] == [date(2026, 3, 3), date(2026, 3, 1)]


def test_each_sees_their_own_part_and_strangers_nothing(busy):
	frappe.set_user("Administrator")
	other = make_seller()
	theirs = make_activity(busy.customer.name, other.name)
	issue_proforma(other.name, customer=busy.customer.name)
	frappe.set_user(busy.seller.user)
	items = read_history(busy.customer.name, limit=100)["items"]
	assert theirs.name not in [item["name"] for item in items]
	assert {item["seller"] for item in items} == {busy.seller.name}
	frappe.set_user(other.user)
	with pytest.raises(frappe.PermissionError):
		read_history(busy.customer.name)


@pytest.fixture
def open_to_all():
	frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 1)
	yield
	# The framework remembers the value past a rollback.
	frappe.set_user("Administrator")
	frappe.db.set_single_value("Cronus CRM Settings", "customers_open_to_all", 0)


def test_customers_open_to_all_do_not_open_their_history(busy, open_to_all):
	frappe.set_user("Administrator")
	frappe.set_user(make_seller().user)
	assert read_history(busy.customer.name, limit=100)["items"] == []


def test_a_source_of_another_app_takes_part(monkeypatch):
	def visits_of_a_museum(customer, kinds, before, limit):
		return [Item(datetime(2030, 1, 1), "Visit", "Museum", "", "User", "x", None, None, None)]

	hooks = frappe.get_hooks
	monkeypatch.setattr(
		frappe,
		"get_hooks",
		lambda hook=None, *args, **kwargs: (
			["frappe.museum"] if hook == "cronus_timeline_sources" else hooks(hook, *args, **kwargs)
		),
	)
	monkeypatch.setattr(frappe, "museum", visits_of_a_museum, raising=False)
	assert [item["title"] for item in read_history(make_customer().name)["items"]] == ["Museum"]


def test_until_includes_documents_of_that_day(busy):
	found = pages(busy.customer.name, 3, kinds=["Document"], until=nowdate())
	assert len(found) == 4
	assert pages(busy.customer.name, 3, kinds=["Document"], until=add_days(nowdate(), -1)) == []
