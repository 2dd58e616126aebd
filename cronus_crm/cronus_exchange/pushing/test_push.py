"""What a source tells is here once, as told last, whatever the order and however often it is sent."""

import json

import frappe
import pytest
from frappe.utils import add_days, now_datetime

from cronus_crm.cronus_exchange.pushing import runs, sources, waiting_rows
from cronus_crm.cronus_exchange.pushing.batch_reading import WrongBatch
from tests.push_helper import customer, row
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	make_customer,
	make_user,
	unique,
)


@pytest.fixture
def price_list(site):
	title = unique("Lista")
	frappe.get_doc({"doctype": "Cronus Price List", "title": title, "currency": "USD"}).insert()
	frappe.db.commit()
	yield title
	frappe.db.delete("Cronus Price List", title)
	frappe.db.commit()


# What becomes of rows


def test_a_batch_may_be_in_any_order(erp, price_list):
	rows = [
		row("price", f"{erp.name}-A/1", product=f"{erp.name}-A", price_list=price_list, price="12.50"),
		row("contact", "P", customer="C", branch="C/1", first_name="Ana", mobiles=["0991234567"]),
		row("branch", "C/1", customer="C", branch_name="Matriz"),
		customer("C/dep", parent_customer="C", account_type="Department"),
		customer("C", 7, credit_limit="100.50"),
		row("product", f"{erp.name}-A", product_name="Tornillo", price=3),
	]
	answer = erp.push(rows)
	assert [result["outcome"] for result in answer["results"]] == ["created"] * 6
	assert [result["row"] for result in answer["results"]] == [1, 2, 3, 4, 5, 6]
	parent, contact = erp.load("Customer", "C"), erp.load("Contact", "P")
	assert parent.credit_limit == 100.5
	assert erp.load("Customer", "C/dep").parent_customer == parent.name
	assert erp.load("Branch", "C/1").customer == parent.name
	assert {link.link_doctype for link in contact.links} == {"Cronus Customer", "Cronus Customer Branch"}
	assert (erp.load("Price", f"{erp.name}-A/1").price, erp.load("Product", f"{erp.name}-A").price) == (
		12.5,
		3,
	)


def test_a_batch_is_done_once_however_often_it_is_sent(erp):
	rows = [customer("1"), customer("2", nope=1)]
	first = erp.push(rows, batch="b")
	number = frappe.db.count("Cronus Customer")
	again = erp.push(rows, batch="b")
	assert again.pop("repeated")
	assert again == first
	assert frappe.db.count("Cronus Customer") == number
	with pytest.raises(runs.BatchKeyReused, match="sent before with other rows"):
		erp.push([customer("1")], batch="b")


def test_the_same_rows_in_another_batch_change_nothing(erp):
	rows = [customer("1", 1), row("branch", "B", customer="1", branch_name="Norte")]
	assert erp.tell(*rows) == ["created", "created"]
	before = erp.load("Customer", "1").modified
	assert erp.tell(*rows) == ["unchanged", "unchanged"]
	assert erp.load("Customer", "1").modified == before


@pytest.mark.parametrize(
	("first", "second", "outcome"),
	[
		(7, 6, "older"),
		(7, "10", "updated"),
		("2026-11-27T10:00:00Z", "2026-11-27T06:00:01-05:00", "updated"),
		("2026-11-27T10:00:00Z", "2026-11-27T04:59:59-05:00", "older"),
		("b", "a", "older"),
		(7, None, "updated"),
		(None, 1, "updated"),
		(7, 7, "updated"),
	],
)
def test_what_was_told_later_holds(erp, first, second, outcome):
	erp.tell(customer("1", first, city="Quito"))
	assert erp.tell(customer("1", second, city="Cuenca")) == [outcome]
	assert erp.load("Customer", "1").city == ("Quito" if outcome == "older" else "Cuenca")


def test_of_a_record_that_is_told_twice_in_a_batch_the_latest_holds(erp):
	told = [customer("1", 2, city="Cuenca"), customer("1", 1, city="Quito")]
	assert erp.tell(*told) == ["updated", "created"]
	assert erp.load("Customer", "1").city == "Cuenca"


def test_what_is_not_told_stays_and_what_is_told_empty_is_cleared(erp):
	erp.tell(customer("1", city="Quito", phone="022345678"))
	result = erp.tell_one(row("customer", "1", city=None))
	assert (result.outcome, result.changes) == ("updated", {"city": ["Quito", None]})
	doc = erp.load("Customer", "1")
	assert (doc.city or "", doc.phone) == ("", "022345678")


def test_a_customer_is_disabled(erp):
	erp.tell(customer("1"))
	assert erp.tell({"kind": "customer", "id": "1", "disabled": True}) == ["updated"]
	assert erp.load("Customer", "1").disabled


def test_a_refused_row_does_not_stop_the_others(erp):
	taken = make_customer(code=f"{erp.name}-X")
	erp.tell(customer("other", code=f"{erp.name}-Y"))
	frappe.db.commit()
	try:
		results = erp.push(
			[customer("1"), customer("2", code=f"{erp.name}-Y"), customer("3"), customer("4", seller="Nadie")]
		)["results"]
	finally:
		taken.delete()
		frappe.db.commit()
	assert [result["outcome"] for result in results] == ["created", "refused", "created", "refused"]
	assert (results[1]["code"], results[3]["code"]) == ("key_taken", "unknown_value")
	assert (results[3]["field"], results[3]["value"]) == ("seller", "Nadie")
	assert not erp.find("Customer", "2").record_name
	assert erp.find("Customer", "2").state == "Refused"


def test_sellers_are_known_by_name_and_by_mail(erp, team):
	erp.tell(customer("1", seller=team.seller.name), customer("2", seller=team.seller.user))
	assert {erp.load("Customer", number).seller for number in "12"} == {team.seller.name}
	for number in "12":
		erp.load("Customer", number).delete()
	frappe.db.commit()


def test_a_seller_is_told_of_what_went_to_another_in_one_notice(erp, team):
	rows = [customer(str(number), seller=team.seller.name) for number in range(3)]
	erp.tell(*rows)
	erp.tell(*(customer(str(number), seller=team.stranger.name) for number in range(3)))
	told = frappe.get_all(
		"Notification Log",
		{"for_user": ("in", [team.seller.user, team.stranger.user])},
		["for_user", "subject"],
		order_by="name asc",
	)
	assert sorted(notice.for_user for notice in told) == sorted([team.seller.user, team.stranger.user])
	assert all("3" in notice.subject for notice in told)


# What is here already


def test_what_is_here_already_becomes_what_is_told(erp):
	by_code, by_tax = make_customer(code=f"{erp.name}-1"), make_customer(tax_id=f"{erp.name}2")
	by_key = make_customer()
	by_key.db_set("external_key", f"{erp.name}-3")
	frappe.db.commit()
	told = [
		customer("a", code=f"{erp.name}-1"),
		customer("b", tax_id=f"{erp.name.lower()}2"),
		customer(f"{erp.name}-3"),
	]
	results = erp.push(told)["results"]
	assert [result["name"] for result in results] == [by_code.name, by_tax.name, by_key.name]
	# Nobody becomes two: the next one with the tax id is another customer.
	assert erp.tell(customer("c", tax_id=f"{erp.name}2")) == ["created"]


def test_two_sources_may_have_the_same_numbers(sources, price_list):
	one, other = sources(), sources()
	shared = f"{one.name}-shared"
	rows = [
		customer("C-1"),
		row("branch", "C-1/1", customer="C-1", branch_name="Matriz"),
		row("product", shared, product_name="Tornillo"),
		row("price", "1", product=shared, price_list=price_list, price=1, valid_from="2026-01-01"),
	]
	for teller in (one, other):
		assert teller.tell(*rows) == ["created"] * 4
	for kind, number in (("Customer", "C-1"), ("Branch", "C-1/1"), ("Product", shared), ("Price", "1")):
		assert one.find(kind, number).record_name != other.find(kind, number).record_name
	assert one.load("Price", "1").product == one.find("Product", shared).record_name
	assert other.load("Price", "1").product == other.find("Product", shared).record_name


def test_the_same_company_in_two_sources_is_one_customer(sources):
	one, other = sources(), sources()
	one.tell(customer("C-1", tax_id=one.name))
	# Its name stays that of the first, see test_two_sources.py.
	assert other.tell(customer("99", tax_id=one.name)) == ["unchanged"]
	assert one.find("Customer", "C-1").record_name == other.find("Customer", "99").record_name


def test_a_record_that_was_deleted_here_comes_back(erp):
	erp.tell(customer("1", 1))
	erp.load("Customer", "1").delete()
	frappe.db.commit()
	assert erp.tell(customer("1", 1)) == ["created"]


def test_what_people_changed_stays_unless_the_source_decides(erp):
	source = frappe.get_doc("Cronus Source", erp.name)
	source.append("owned_fields", {"record_type": "Cronus Customer", "fieldname": "city"})
	source.save()
	frappe.db.commit()
	erp.tell(customer("1", city="Quito", website="https://a.example.com"))
	frappe.db.set_value(
		"Cronus Customer",
		erp.find("Customer", "1").record_name,
		{"city": "Loja", "website": "https://b.example.com"},
	)
	frappe.db.commit()
	erp.tell(customer("1", city="Cuenca", website="https://c.example.com"))
	doc = erp.load("Customer", "1")
	assert (doc.city, doc.website) == ("Cuenca", "https://b.example.com")
	assert erp.find("Customer", "1").state == "Differs"


def test_a_price_does_not_move_to_another_product(erp, price_list):
	products = [f"{erp.name}-{letter}" for letter in "AB"]
	erp.tell(*(row("product", product, product_name=product) for product in products))
	erp.tell(row("price", "1", product=products[0], price_list=price_list, price=1))
	result = erp.tell_one(row("price", "1", product=products[1], price_list=price_list, price=1))
	assert (result.outcome, result.code, result.field) == ("refused", "conflict", "product")


# Rows that wait


def test_a_row_waits_for_what_it_names(erp):
	result = erp.tell_one(row("branch", "B", customer="later", branch_name="Sur"))
	assert (result.outcome, result.code, result.field, result.value) == (
		"waiting",
		"waits_for",
		"customer",
		"later",
	)
	known = erp.find("Branch", "B")
	assert (known.state, known.waits_for, known.record_name) == ("Waiting", "customer later", None)
	# What waits for what waits comes after it.
	erp.tell(row("contact", "P", customer="later", branch="B", first_name="Ana"))
	answer = erp.push([customer("later")])
	assert {(waited["id"], waited["outcome"]) for waited in answer["waited"]} == {
		("B", "created"),
		("P", "created"),
	}
	assert erp.load("Branch", "B").customer == erp.find("Customer", "later").record_name
	assert erp.find("Branch", "B").state == "In Step"
	assert not erp.find("Branch", "B").pending


def test_the_latest_of_what_waits_holds(erp):
	for version, city in ((2, "Loja"), (1, "Quito")):
		erp.tell(row("branch", "B", version, customer="later", branch_name="Sur", city=city))
	erp.tell(customer("later"))
	assert erp.load("Branch", "B").city == "Loja"


def test_a_change_that_waits_leaves_the_record_as_it_is(erp):
	erp.tell(customer("1", 1, city="Quito"))
	assert erp.tell(customer("1", 2, city="Loja", parent_customer="later")) == ["waiting"]
	assert erp.load("Customer", "1").city == "Quito"
	erp.tell(customer("later"))
	assert erp.load("Customer", "1").city == "Loja"


def test_rows_that_name_each_other_wait_and_are_given_up(erp):
	told = [customer("a", parent_customer="b"), customer("b", parent_customer="a")]
	assert erp.tell(*told) == ["waiting", "waiting"]
	frappe.db.set_value(
		"Cronus External Record",
		{"source": erp.name},
		"waits_since",
		add_days(now_datetime(), -8),
		update_modified=False,
	)
	assert waiting_rows.give_up(erp.name) == 2
	known = erp.find("Customer", "a")
	assert (known.state, known.code, known.pending) == ("Refused", "waits_for", None)
	assert "7 days" in known.reason


def leave_waiting(erp, **fields) -> None:
	"""A branch that waits for a customer that is here, as if the server had been killed between the two."""
	erp.tell(row("branch", "B", customer="1", branch_name="Sur"))
	name = erp.find("Branch", "B").name
	waiting = frappe.db.get_value(
		"Cronus External Record", name, ["state", "waits_for_key", "pending", "waits_since"], as_dict=True
	)
	erp.tell(customer("1"))
	left = {**waiting, "record_name": None, "record_doctype": None, **fields}
	frappe.db.set_value("Cronus External Record", name, left, update_modified=False)
	frappe.db.delete("Cronus Customer Branch", {"customer": erp.find("Customer", "1").record_name})
	frappe.db.commit()


def test_what_a_killed_server_has_left_waiting_is_taken_up(erp):
	leave_waiting(erp)
	waiting_rows.take_up()
	assert erp.load("Branch", "B").branch_name == "Sur"
	assert frappe.db.get_value(
		"Cronus Exchange Run", {"source": erp.name, "origin": "Waiting rows"}, ["state", "rows_created"]
	) == ("Done", 1)


def test_rows_of_a_user_who_may_not_tell_any_more_are_given_up_in_their_time(erp):
	leave_waiting(erp, modified_by=make_user(), waits_since=add_days(now_datetime(), -8))
	waiting_rows.take_up()
	known = erp.find("Branch", "B")
	assert (known.state, known.code) == ("Refused", "waits_for")


# What refuses a whole batch


@pytest.mark.parametrize("roles", [(SELLER, MANAGER, BILLING), ("System Manager",)])
def test_only_integrators_and_administrators_push(erp, roles):
	user = make_user(*roles)
	frappe.db.commit()
	erp.user = user
	with pytest.raises(frappe.PermissionError, match="role"):
		erp.push([customer("1")])
	assert not erp.count("Customer")


def test_administrators_push(sources):
	teller = sources(user=make_user(ADMINISTRATOR))
	assert teller.tell(customer("1")) == ["created"]


def test_a_source_of_one_user_is_told_by_no_other(erp):
	frappe.db.set_value("Cronus Source", erp.name, "user", make_user("Cronus Integrator"))
	frappe.db.commit()
	with pytest.raises(frappe.PermissionError, match="Only"):
		erp.push([customer("1")])


def test_a_source_that_is_off_takes_nothing(erp):
	frappe.db.set_value("Cronus Source", erp.name, "enabled", 0)
	frappe.db.commit()
	with pytest.raises(sources.SourceOff):
		erp.push([customer("1")])
	assert not frappe.db.count(runs.RUN, {"source": erp.name})


def test_a_source_tells_so_many_rows_an_hour(sources):
	teller = sources(rows_per_hour=3)
	assert teller.tell(customer("1"), customer("2")) == ["created", "created"]
	with pytest.raises(runs.TooManyRows, match="may tell 3 rows an hour, and has told 2"):
		teller.push([customer("3"), customer("4")])
	assert teller.tell(customer("3")) == ["created"]


@pytest.mark.parametrize("rows", [[], [{}] * 1001, "no", "{}", None, 5])
def test_what_is_no_batch_is_refused(erp, rows):
	with pytest.raises(WrongBatch):
		erp.push(rows)


@pytest.mark.parametrize("batch", ["", " ", "x" * 141, "a\nb"])
def test_a_batch_has_a_key(erp, batch):
	with pytest.raises(WrongBatch):
		sources_push(erp, batch)


def sources_push(erp, batch):
	from cronus_crm.cronus_exchange.pushing.push import push

	return push(erp.name, batch, [customer("1")])


@pytest.mark.parametrize("kind", ["customer", "contact", "document"])
def test_the_past_of_any_kind_is_told_by_who_may_import_it(erp, monkeypatch, kind):
	erp.tell(customer("1"))
	rows = {
		"customer": customer("2"),
		"contact": row("contact", "2", customer="1", first_name="Ana"),
		"document": row("document", "2", kind="invoice", number="1", customer="1"),
	}
	may = frappe.has_permission

	def refuse_imports(doctype, ptype="read", *args, **kwargs):
		return ptype != "import" and may(doctype, ptype, *args, **kwargs)

	monkeypatch.setattr(frappe, "has_permission", refuse_imports)
	result = erp.tell_one(rows[kind], history=True)
	assert (result.outcome, result.code) == ("refused", "not_permitted")
	assert erp.tell_one(customer("3")).outcome == "created"


# The log of runs


def test_a_run_says_who_when_how_many_and_what_changed(erp):
	erp.tell(customer("1", city="Quito"))
	erp.push([customer("1", city="Loja"), customer("2"), {"kind": "x"}], batch="two")
	run = frappe.get_doc(runs.RUN, runs.make_name(erp.name, "two"))
	assert (run.user, run.owner, run.state, run.origin) == (erp.user, erp.user, "Done", "Request")
	assert (run.rows_total, run.rows_done, run.rows_created, run.rows_updated, run.rows_refused) == (
		3,
		3,
		1,
		1,
		1,
	)
	assert run.began_on and run.ended_on
	assert json.loads(run.answer)["results"][1]["changes"] == {"city": ["Quito", "Loja"]}
	assert frappe.db.get_value("Cronus Source", erp.name, "last_told_on") == run.ended_on


def test_runs_are_kept_so_many_days(sources):
	teller = sources(keep_runs_days=10)
	teller.push([customer("1")], batch="old")
	teller.push([customer("2")], batch="new")
	old = runs.make_name(teller.name, "old")
	frappe.db.set_value(runs.RUN, old, "began_on", add_days(now_datetime(), -11))
	runs.delete_old()
	assert frappe.get_all(runs.RUN, {"source": teller.name}, pluck="batch", order_by="name asc") == ["new"]
	# What was told is known without the run.
	assert teller.tell(customer("1")) == ["unchanged"]


def test_integrators_read_their_own_runs_and_no_external_records(sources):
	one, other = sources(), sources()
	for teller in (one, other):
		teller.tell(customer("1"))
	frappe.set_user(one.user)
	found = frappe.get_list(runs.RUN, pluck="source", order_by="name asc")
	with pytest.raises(frappe.PermissionError):
		frappe.get_list("Cronus External Record", order_by="name asc")
	frappe.set_user("Administrator")
	assert found == [one.name]
