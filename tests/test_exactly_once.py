"""One follow-up and one entry for each issued document, with several processes, a dead one, and no Redis.

Everything here is committed and seen by other processes, as on a site at work.
"""

import multiprocessing
import os
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager

import frappe
import pytest
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

from cronus_crm.base import lock_waits
from cronus_crm.cronus_analytics.ledger import verify
from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from tests.scaffold import (
	activity_of,
	ensure_product,
	entry_of,
	invoice_of,
	issue_proforma,
	make_customer,
	make_seller,
	new_proforma,
	unique,
)

# Children are copies of this process, made when everything is imported; so twenty of them start at once.
forked = multiprocessing.get_context("fork")

NO_REDIS = "redis://127.0.0.1:1"


class Together:
	"""Runs a function in several processes at the same moment, each with its own connection to the site."""

	def __init__(self, site: str):
		self.site = site

	def run(self, function: Callable, *arguments: tuple, environment: dict | None = None) -> list[str]:
		"""Calls `function(*each)` for each tuple of arguments; gives back "ok" or what each one raised."""
		barrier, results = forked.Barrier(len(arguments)), forked.Queue()
		children = [
			forked.Process(target=self._child, args=(barrier, results, function, each, environment or {}))
			for each in arguments
		]
		for child in children:
			child.start()
		answers = []
		deadline = time.monotonic() + 120
		while len(answers) < len(children) and time.monotonic() < deadline:
			if not results.empty():
				answers.append(results.get())
			elif not any(child.is_alive() for child in children) and results.empty():
				break
			else:
				time.sleep(0.02)
		for child in children:
			child.join(10)
			child.kill()
		# What this connection has read belongs to a time before the children wrote.
		frappe.db.rollback()
		return answers

	def _child(self, barrier, results, function, arguments, environment) -> None:
		os.environ.update(environment)
		# Kept: mysqlclient, which 16 uses, says goodbye to the server for a connection that nobody has any
		# more, and this one is the parent's.
		of_parent = frappe.local.db  # noqa: F841
		try:
			frappe.init(site=self.site, sites_path=os.getcwd(), force=True)
			frappe.connect()
			lock_waits.disable_snapshot_isolation()
			barrier.wait(30)
			function(*arguments)
			frappe.db.commit()
			results.put("ok")
		except Exception as exception:
			results.put(type(exception).__name__ if not environment else traceback.format_exc())
		finally:
			results.close()
			results.join_thread()
			# Not the interpreter's end, which would run the parent's.
			os._exit(0)


@pytest.fixture
def together(site):
	return Together(site)


@pytest.fixture
def draft():
	proforma = new_proforma(make_seller().name).insert()
	frappe.db.commit()
	return proforma


def submit(doctype: str, name: str) -> None:
	document = frappe.get_doc(doctype, name)
	# Whoever comes when it is issued already would save it once more, and that is no second issue.
	if not document.docstatus.is_draft():
		raise frappe.TimestampMismatchError
	document.submit()


def test_twenty_submits_at_once_make_one_of_each(together, draft):
	answers = together.run(submit, *[("Proforma", draft.name)] * 20)
	assert Counter(answers)["ok"] == 1, answers
	assert len(answers) == 20
	draft.reload()
	assert draft.docstatus == 1
	assert activity_of(draft).state == "Pending"
	assert frappe.db.count("Cronus Sales Entry", {"source_name": draft.name}) == 1


def test_of_two_invoices_of_the_same_rest_one_is_issued(together):
	proforma = issue_proforma(make_seller().name)
	drafts = [invoice_of(proforma, issue=False) for _draft in range(4)]
	frappe.db.commit()
	answers = together.run(submit, *[("Invoice", invoice.name) for invoice in drafts])
	assert sorted(answers) == ["ValidationError"] * 3 + ["ok"]
	assert frappe.db.get_value("Proforma", proforma.name, "left_to_invoice") == 0
	assert entry_of(proforma).balance == 0
	assert sum(bool(entry_of(invoice)) for invoice in drafts) == 1


def convert_and_submit(source: str, name: str, into: str) -> None:
	(draft,) = convert_documents(source, name, into)
	frappe.get_doc(into, draft).submit()


@pytest.mark.parametrize("into", ["Cronus Order", "Cronus Delivery Note", "Cronus Sales Note"])
def test_of_two_users_who_convert_the_same_proforma_one_succeeds(together, into):
	proforma = issue_proforma(make_seller().name)
	frappe.db.commit()
	answers = together.run(convert_and_submit, *[("Proforma", proforma.name, into)] * 3)
	assert sorted(answers) == ["ValidationError"] * 2 + ["ok"]
	assert frappe.db.count(into, {"docstatus": 1, "customer": proforma.customer}) == 1


def test_an_order_delivered_and_invoiced_at_once_from_all_sides(together):
	"""Three ways that share a proforma: none deadlocks, and none takes more than there is."""
	proforma = issue_proforma(make_seller().name, quantity=1)
	(order,) = convert_documents("Proforma", proforma.name, "Cronus Order")
	frappe.get_doc("Cronus Order", order).submit()
	frappe.db.commit()
	ways = [
		("Proforma", proforma.name, "Invoice"),
		("Cronus Order", order, "Invoice"),
		("Cronus Order", order, "Cronus Delivery Note"),
		("Proforma", proforma.name, "Cronus Delivery Note"),
	]
	answers = together.run(convert_and_submit, *ways * 2)
	assert sorted(answers) == ["ValidationError"] * 6 + ["ok"] * 2
	row = frappe.get_doc("Proforma", proforma.name).items[0]
	assert (row.delivered_quantity, row.invoiced_quantity) == (1, 1)


# The promise is 8 × 500, which takes minutes: CRONUS_WRITES=500 scripts/test -k eight_writers.
EACH_WRITES = int(os.environ.get("CRONUS_WRITES", 10))


def insert_proformas(seller: str, customer: str, number: int) -> None:
	for _proforma in range(number):
		new_proforma(seller, customer=customer).insert()
		frappe.db.commit()


def test_eight_writers_number_without_gaps_or_doubles(together):
	centre = frappe.get_doc(
		{
			"doctype": "Cronus Work Center",
			"work_center": unique("Centre"),
			"series_code": frappe.generate_hash(length=6),
		}
	).insert()
	seller = make_seller(work_center=centre.name).name
	customer = make_customer(seller).name
	ensure_product()
	frappe.db.commit()
	assert together.run(insert_proformas, *[(seller, customer, EACH_WRITES)] * 8) == ["ok"] * 8
	names = frappe.get_all("Proforma", {"seller": seller}, pluck="name", order_by="name asc")
	assert [int(name.rsplit("-", 1)[1]) for name in names] == list(range(1, 8 * EACH_WRITES + 1))
	assert len({name.rsplit("-", 1)[0] for name in names}) == 1


@contextmanager
def series_of(doctype: str, series: str):
	"""One more series of a DocType, for all processes."""
	options = frappe.get_meta(doctype).get_field("naming_series").options
	setter = make_property_setter(doctype, "naming_series", "options", f"{options}\n{series}", "Text")
	frappe.db.commit()
	try:
		yield
	finally:
		setter.delete()
		frappe.db.commit()


def insert_together(values: dict, turn) -> None:
	record = frappe.get_doc(values)
	# All come to their number at the same moment.
	record.before_naming = lambda: turn.wait(30)
	record.insert()


@pytest.mark.parametrize(
	("doctype", "values"),
	[
		("Cronus Customer", {"customer_name": "New year"}),
		("Cronus Customer Branch", {"branch_name": "New year"}),
		("Cronus Opportunity", {"title": "New year", "stage": "Initial contact"}),
		("Cronus Prospect", {"prospect_name": "New year"}),
	],
	ids=["customer", "branch", "deal", "prospect"],
)
def test_the_first_records_of_a_year_are_numbered_at_once(together, doctype, values):
	seller = make_seller().name
	customer = make_customer(seller).name
	frappe.db.commit()
	# A series that nobody has used stands for a year that has just begun.
	prefix = f"{frappe.generate_hash(length=6)}-"
	values |= {"doctype": doctype, "naming_series": f"{prefix}.####"}
	values |= {"customer": customer} if doctype == "Cronus Customer Branch" else {"seller": seller}
	if doctype == "Cronus Opportunity":
		values["customer"] = customer
	turn = forked.Barrier(8)
	with series_of(doctype, values["naming_series"]):
		assert together.run(insert_together, *[(values, turn)] * 8) == ["ok"] * 8
	names = frappe.get_all(doctype, {"name": ("like", f"{prefix}%")}, pluck="name", order_by="name asc")
	assert names == [f"{prefix}{number:04d}" for number in range(1, 9)]


def test_parts_of_a_proforma_invoiced_at_once_all_count(together):
	proforma = issue_proforma(make_seller().name, quantity=6)
	drafts = [invoice_of(proforma, quantity=1, issue=False) for _draft in range(6)]
	frappe.db.commit()
	answers = together.run(submit, *[("Invoice", invoice.name) for invoice in drafts])
	assert answers == ["ok"] * 6
	assert frappe.db.get_value("Proforma", proforma.name, "state") == "Invoiced"
	assert entry_of(proforma).balance == 0
	assert activity_of(proforma).state == "Done"


def submit_in_a_deadlock(name: str, other_row: str, turn) -> None:
	"""Holds a row that somebody else wants, then submits; tries once more after losing, as a user would."""
	for attempt in range(2):
		try:
			if attempt == 0:
				frappe.db.sql("select name from `tabCronus Seller` where name = %s for update", other_row)
				turn.wait(30)
				turn.wait(30)
			submit("Proforma", name)
			frappe.db.commit()
			break
		except frappe.QueryDeadlockError:
			frappe.db.rollback()
			if attempt:
				raise
	else:
		raise AssertionError("never submitted")


def hold_in_a_deadlock(name: str, other_row: str, turn) -> None:
	"""Holds the proforma and has written much, so that it is not the one that the database gives up."""
	for number in range(50):
		frappe.db.sql(
			"insert into `tabDefaultValue` (name, defkey) values (%s, 'deadlock')", f"deadlock-{number}"
		)
	turn.wait(30)
	frappe.db.sql("select name from `tabProforma` where name = %s for update", name)
	turn.wait(30)
	time.sleep(0.5)
	frappe.db.sql("select name from `tabCronus Seller` where name = %s for update", other_row)
	frappe.db.rollback()


def play(role: Callable, *arguments) -> None:
	role(*arguments)


def test_after_a_deadlock_the_retry_makes_one_of_each(together, draft):
	row = make_seller().name
	frappe.db.commit()
	turn = forked.Barrier(2)
	answers = together.run(
		play,
		(submit_in_a_deadlock, draft.name, row, turn),
		(hold_in_a_deadlock, draft.name, row, turn),
	)
	assert answers == ["ok", "ok"]
	assert frappe.db.get_value("Proforma", draft.name, "docstatus") == 1
	assert activity_of(draft)
	assert frappe.db.count("Cronus Sales Entry", {"source_name": draft.name}) == 1


def die_before_the_commit(name: str) -> None:
	submit("Proforma", name)
	assert activity_of(frappe.get_doc("Proforma", name))
	os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_in_the_middle_leaves_nothing(together, draft):
	assert together.run(die_before_the_commit, (draft.name,)) == []
	deadline = time.monotonic() + 20
	while time.monotonic() < deadline:
		frappe.db.rollback()
		try:
			submit("Proforma", draft.name)
			break
		except (frappe.QueryTimeoutError, frappe.QueryDeadlockError):
			time.sleep(0.2)
	frappe.db.commit()
	assert activity_of(draft).state == "Pending"
	assert frappe.db.count("Cronus Sales Entry", {"source_name": draft.name}) == 1


def test_without_redis_the_document_has_its_follow_up_and_only_the_bell_waits(together, draft):
	stopped = {"FRAPPE_REDIS_CACHE": NO_REDIS, "FRAPPE_REDIS_QUEUE": NO_REDIS}
	assert together.run(submit, ("Proforma", draft.name), environment=stopped) == ["ok"]
	draft.reload()
	assert draft.docstatus == 1
	assert entry_of(draft)
	activity = activity_of(draft)
	assert activity.state == "Pending"
	assert not activity.announced


def test_the_ledger_agrees_with_the_documents_after_all_this(site):
	assert list(verify.find_differences()) == []
