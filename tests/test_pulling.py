"""Changes for an ERP: nothing that was committed is missed, whenever its transaction ended."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import frappe
import pytest

from cronus_crm.api import exchange
from cronus_crm.base import lock_waits
from cronus_crm.cronus_exchange.pulling import asks, change_log, noting
from cronus_crm.cronus_exchange.pulling.cursors import Cursor, read_cursor
from cronus_crm.cronus_exchange.pushing.told_now import telling
from cronus_crm.visibility.ownership import INTEGRATOR_ROLE as INTEGRATOR
from tests.scaffold import SELLER, issue_proforma, make_customer, make_seller, make_user, unique
from tests.sources import make_source, tell

CUSTOMER = "Cronus Customer"


@pytest.fixture
def erp(site):
	"""A source, its integrator, and a seller, committed."""
	frappe.set_user("Administrator")
	user = make_user(INTEGRATOR)
	found = frappe._dict(source=make_source(), user=user, seller=make_seller(), made=[])
	frappe.db.commit()
	# Other tests may have changed so much that some of it would be told while everything is read, and again.
	while frappe.db.count(change_log.CHANGED, {"number": 0}):
		change_log.number_changes()
	yield found
	frappe.db.rollback()
	frappe.set_user("Administrator")
	frappe.db.delete("Cronus External Record", {"source": found.source.name})
	for doc in found.made:
		frappe.db.delete("Cronus Activity", {"customer": doc.name})
	for doc in (*reversed(found.made), found.source):
		if frappe.db.exists(doc.doctype, doc.name):
			if doc.docstatus == 1:
				frappe.get_doc(doc.doctype, doc.name).cancel()
			frappe.delete_doc(doc.doctype, doc.name, force=True)
	frappe.db.commit()


def make(erp, **fields):
	customer = make_customer(erp.seller.name, **fields)
	erp.made.append(customer)
	return customer


def read_on(source, cursor: str = "", limit: int = 500) -> tuple[list[dict], str]:
	"""All rows from a cursor on, and the last cursor."""
	rows, more = [], True
	while more:
		page = exchange.pull(source.name, cursor, limit)
		rows, cursor, more = rows + page["rows"], page["cursor"], page["more"]
	return rows, cursor


def named(rows, doc) -> list[dict]:
	return [row for row in rows if row["name"] == doc.name]


def in_another_connection(site: str, function: Callable) -> None:
	"""For a thread of its own."""
	frappe.init(site)
	frappe.connect()
	# As before each request.
	lock_waits.disable_snapshot_isolation()
	try:
		function()
	finally:
		frappe.destroy()


def test_at_first_everything_is_told_then_what_changes(erp):
	customer = make(erp, customer_name=unique("Acme"), city="Quito")
	proforma = issue_proforma(erp.seller.name, customer=customer.name)
	erp.made.append(proforma)
	frappe.db.commit()
	frappe.set_user(erp.user)
	rows, cursor = read_on(erp.source, limit=50)
	(row,) = named(rows, customer)
	assert (row["kind"], row["change"], row["id"]) == ("customer", "changed", None)
	assert row["data"]["city"] == "Quito"
	(issued,) = named(rows, proforma)
	assert (issued["kind"], issued["data"]["kind"], issued["data"]["total"]) == (
		"document",
		"Proforma",
		proforma.grand_total,
	)
	assert issued["data"]["items"][0]["quantity"] == 2
	assert read_on(erp.source, cursor)[0] == []

	frappe.set_user("Administrator")
	customer.reload()
	customer.update({"city": "Loja"}).save()
	frappe.db.commit()
	(again,) = read_on(erp.source, cursor)[0]
	assert (again["name"], again["data"]["city"]) == (customer.name, "Loja")


def test_what_is_committed_late_is_told_though_later_changes_were_read(erp):
	"""A transaction that begins first and ends last; `modified` would say that it was read already."""
	early, late = make(erp), make(erp)
	frappe.db.commit()
	_rows, cursor = read_on(erp.source)

	began, may_end = Event(), Event()

	def change() -> None:
		doc = frappe.get_doc(CUSTOMER, early.name)
		doc.update({"city": "Cuenca"}).save()
		began.set()
		may_end.wait(20)
		frappe.db.commit()

	with ThreadPoolExecutor(1) as pool:
		slow = pool.submit(in_another_connection, frappe.local.site, change)
		assert began.wait(20)
		frappe.db.rollback()
		late.reload()
		late.update({"city": "Ambato"}).save()
		frappe.db.commit()
		rows, cursor = read_on(erp.source, cursor)
		assert named(rows, late) and not named(rows, early)
		may_end.set()
		slow.result(20)
	frappe.db.rollback()
	rows, _cursor = read_on(erp.source, cursor)
	assert [(row["name"], row["data"]["city"]) for row in rows] == [(early.name, "Cuenca")]


def test_a_record_that_changes_while_it_is_read_for_the_first_time_is_told_again(erp):
	first, second = make(erp), make(erp)
	frappe.db.commit()
	page = exchange.pull(erp.source.name, "", 1)
	first.reload()
	first.update({"city": "Loja"}).save()
	frappe.db.commit()
	rows, _cursor = read_on(erp.source, page["cursor"])
	assert named(rows, first)[-1]["data"]["city"] == "Loja"
	assert named(rows, second)


def test_what_the_source_has_told_is_not_told_back_unless_somebody_else_changed_it(erp):
	_rows, cursor = read_on(erp.source)
	with telling(erp.source.name):
		customer = make(erp, city="Quito")
		tell(erp.source, customer, {"city": "Quito"}, external_id="C-1")
	frappe.db.commit()
	rows, cursor = read_on(erp.source, cursor)
	assert not named(rows, customer)
	other = make_source()
	erp.made.append(other)
	frappe.db.commit()
	assert named(read_on(other)[0], customer)

	customer.reload()
	customer.update({"city": "Loja"}).save()
	with telling(erp.source.name):
		customer.update({"notes": "x"}).save()
	frappe.db.commit()
	(row,) = read_on(erp.source, cursor)[0]
	assert (row["id"], row["data"]["city"]) == ("C-1", "Loja")


def test_what_is_asked_again_is_told_to_its_source_alone_until_it_is_told(erp):
	customer = make(erp)
	key = tell(erp.source, customer, {}, external_id="C-7")
	other = make_source()
	erp.made.append(other)
	frappe.db.commit()
	(_rows, cursor), (_others, others_cursor) = read_on(erp.source), read_on(other)
	assert asks.ask_again([key, "nothing"]) == 1
	frappe.db.commit()
	rows, after = read_on(erp.source, cursor)
	assert [(row["change"], row["kind"], row["id"]) for row in rows] == [("asked", "customer", "C-7")]
	assert not read_on(other, others_cursor)[0]
	# Also who begins anew after it was asked for.
	assert [row for row in read_on(erp.source)[0] if row["change"] == "asked"] == rows
	frappe.db.set_value("Cronus External Record", key, "asked_on", None)
	frappe.db.commit()
	assert not [row for row in read_on(erp.source, cursor)[0] if row["change"] == "asked"]
	assert after != cursor


def test_a_deleted_and_a_renamed_record_are_told(erp):
	gone = make(erp)
	product = frappe.get_doc({"doctype": "Cronus Product", "product_code": unique("P"), "product_name": "P"})
	erp.made.append(product.insert())
	frappe.db.commit()
	_rows, cursor = read_on(erp.source)
	former, new = product.name, unique("Q")
	frappe.delete_doc(CUSTOMER, gone.name)
	product.name = frappe.rename_doc("Cronus Product", former, new)
	frappe.db.commit()
	rows, _cursor = read_on(erp.source, cursor)
	assert {(row["name"], row["change"]) for row in rows} == {
		(gone.name, "deleted"),
		(former, "deleted"),
		(new, "changed"),
	}


def test_two_readers_at_once_lose_nothing(erp):
	made = [make(erp) for _number in range(20)]
	frappe.db.commit()
	_rows, cursor = read_on(erp.source)
	for customer in made:
		customer.reload()
		customer.update({"city": "Loja"}).save()
	frappe.db.commit()
	site = frappe.local.site
	with ThreadPoolExecutor(2) as pool:
		numbering = [pool.submit(in_another_connection, site, change_log.number_changes) for _ in range(4)]
		for one in numbering:
			one.result(30)
	frappe.db.rollback()
	rows, _cursor = read_on(erp.source, cursor, limit=7)
	assert sorted(row["name"] for row in rows) == sorted(customer.name for customer in made)


def test_only_the_integrator_of_the_source_asks(erp):
	other = make_user(INTEGRATOR)
	erp.source.update({"user": erp.user}).save()
	frappe.db.commit()
	for user in (make_user(SELLER), other, "Administrator"):
		frappe.set_user(user)
		with pytest.raises(frappe.PermissionError):
			exchange.pull(erp.source.name)
	frappe.set_user(erp.user)
	assert exchange.pull(erp.source.name, limit=1)["more"]
	with pytest.raises(frappe.DoesNotExistError):
		exchange.pull(unique("none"))
	frappe.set_user("Administrator")
	erp.source.update({"enabled": 0, "user": None}).save()
	with pytest.raises(frappe.ValidationError, match="switched off"):
		exchange.pull(erp.source.name)


def test_a_wrong_cursor_or_limit_is_refused_in_words(erp):
	for cursor in ("x", "é", "W10", "A" * 5000, Cursor(-1).write(), "WzEsMCwxXQ", "W3RydWUsMCwiIl0"):
		with pytest.raises(frappe.ValidationError, match="cursor"):
			exchange.pull(erp.source.name, cursor)
	for limit in (0, 501, -1, "1.5", "x"):
		with pytest.raises(frappe.ValidationError, match="limit"):
			exchange.pull(erp.source.name, "", limit)
	place = Cursor(7, 2, "CL-ñ")
	assert read_cursor(place.write()) == place


@pytest.fixture
def unasked(erp):
	"""No ERP has asked for changes yet."""
	set_mark(0)
	yield
	frappe.db.rollback()
	set_mark(1)


def set_mark(current: int) -> None:
	noting.prepare()
	frappe.db.set_value("Series", {"name": noting.MARK}, "current", current, update_modified=False)
	frappe.db.commit()
	frappe.cache.delete_value(noting.CACHED)


def find_noted(doc) -> str | None:
	return frappe.db.exists(change_log.CHANGED, {"record_doctype": doc.doctype, "record_name": doc.name})


def test_nothing_is_noted_until_an_erp_asks_and_then_nothing_is_missed(erp, unasked):
	customer = make(erp, city="Quito")
	frappe.db.commit()
	assert not find_noted(customer)
	rows, cursor = read_on(erp.source)
	assert named(rows, customer)
	customer.update({"city": "Loja"}).save()
	frappe.db.commit()
	((row,), _cursor) = read_on(erp.source, cursor)
	assert row["data"]["city"] == "Loja"


def test_the_first_one_who_asks_waits_for_what_is_being_changed_unnoted(erp, unasked):
	customer = make(erp, city="Quito")
	frappe.db.commit()
	began, may_end, site = Event(), Event(), frappe.local.site

	def change() -> None:
		frappe.get_doc(CUSTOMER, customer.name).update({"city": "Cuenca"}).save()
		began.set()
		may_end.wait(20)
		frappe.db.commit()

	with ThreadPoolExecutor(2) as pool:
		slow = pool.submit(in_another_connection, site, change)
		assert began.wait(20)
		asking = pool.submit(in_another_connection, site, switch_on_and_commit)
		with pytest.raises(TimeoutError):
			asking.result(0.5)
		may_end.set()
		slow.result(20)
		asking.result(20)
	frappe.db.rollback()
	assert not find_noted(customer)
	rows, _cursor = read_on(erp.source)
	assert named(rows, customer)[-1]["data"]["city"] == "Cuenca"


def switch_on_and_commit() -> None:
	noting.switch_on()
	frappe.db.commit()
