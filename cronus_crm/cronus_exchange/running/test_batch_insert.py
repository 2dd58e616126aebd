"""Documents that are inserted together are stored and refused as by single inserts."""

import re

import frappe
import pytest
from frappe.model import default_fields

from cronus_crm.cronus_exchange.running.batch_insert import insert_together
from cronus_crm.cronus_exchange.targets.target import load_targets
from tests.import_helper import check_and_run, records_of
from tests.scaffold import make_customer, unique

IGNORED = {
	*default_fields,
	"name",
	"customer_name",
	"branch_name",
	"_user_tags",
	"_comments",
	"_assign",
	"_liked_by",
}
UNIQUE = {part.doctype: part.unique for target in load_targets().values() for part in target.parts}


def new(doctype: str, **values):
	doc = frappe.new_doc(doctype)
	doc.update(values)
	return doc


def customer(seller: str, **values):
	return new("Cronus Customer", customer_name=unique("Acme"), seller=seller, **values)


def stored(doc) -> dict:
	row = frappe.db.get_value(doc.doctype, doc.name, "*", as_dict=True)
	return {name: value for name, value in row.items() if name not in IGNORED}


def test_what_is_stored_is_what_a_single_insert_stores(team):
	values = {
		"tax_id": " 1790011674001 ",
		"phone": "+593 99 123 4567",
		"email": "Ventas@Example.com",
		"website": "https://example.com",
		"country": "Ecuador",
		"employees": 5,
		"annual_revenue": 12.5,
		"notes": "<script>alert(1)</script>uno\ndos",
	}
	one = customer(team.seller.name, **values).insert()
	many = [customer(team.seller.name, **values) for _n in range(3)]
	insert_together(many, UNIQUE["Cronus Customer"])
	for doc in many:
		assert stored(doc) == stored(one)
		assert frappe.get_doc("Cronus Customer", doc.name).tax_key == one.tax_key
	numbers = [int(doc.name.removeprefix("CL-")) for doc in (one, *many)]
	assert numbers == list(range(numbers[0], numbers[0] + 4))
	branch = {"customer": one.name, "city": "Loja", "phone": "022345678"}
	single = new("Cronus Customer Branch", branch_name="A", code="1", **branch).insert()
	together = [new("Cronus Customer Branch", branch_name=name, code=name, **branch) for name in "BC"]
	insert_together(together, UNIQUE["Cronus Customer Branch"])
	for doc in together:
		assert {**stored(doc), "code": "1"} == stored(single)
		assert doc.customer_name == one.customer_name


def test_the_next_single_insert_takes_the_next_number(team):
	many = [customer(team.seller.name) for _n in range(3)]
	insert_together(many)
	after = customer(team.seller.name).insert()
	assert int(after.name.removeprefix("CL-")) == int(many[-1].name.removeprefix("CL-")) + 1


@pytest.mark.parametrize(
	"wrong",
	[
		{"customer_name": ""},
		{"email": "no mail"},
		{"website": "no site"},
		{"country": "Narnia"},
		{"business_line": "There is none"},
		{"account_type": "Enemy"},
		{"employees": -1},
		{"annual_revenue": "doce"},
		{"customer_name": "A" * 300},
		{"account_type": "Department"},
		{"follow_up_time": "25:99"},
		{"naming_series": "INV-.#####"},
		{"criteria": [{"criterion": "There is none", "value": "x"}]},
	],
	ids=lambda wrong: next(iter(wrong)),
)
def test_what_a_single_insert_refuses_is_refused(team, wrong):
	def make():
		doc = customer(team.seller.name)
		doc.update(wrong)
		return doc

	with pytest.raises(frappe.ValidationError) as single:
		make().insert()
	frappe.clear_messages()
	with pytest.raises(type(single.value)) as together:
		insert_together([customer(team.seller.name), make()], UNIQUE["Cronus Customer"])
	said = [re.sub(r"CL-\d+", "", str(error.value)).split(":")[0] for error in (single, together)]
	assert said[0] == said[1]


def test_a_code_of_another_or_twice_in_the_lot_is_refused(team):
	code = unique("C")
	with pytest.raises(frappe.DuplicateEntryError):
		insert_together([customer(team.seller.name, code=code) for _n in range(2)], UNIQUE["Cronus Customer"])
	make_customer(team.seller.name, code=code)
	with pytest.raises(frappe.DuplicateEntryError):
		insert_together([customer(team.seller.name, code=code)], UNIQUE["Cronus Customer"])


def test_nobody_writes_into_another_team(team):
	frappe.set_user(team.manager.user)
	with pytest.raises(frappe.PermissionError):
		insert_together([customer(team.seller.name), customer(team.stranger.name)], UNIQUE["Cronus Customer"])
	theirs = frappe.db.get_value("Cronus Customer", {"seller": team.stranger.name})
	frappe.set_user("Administrator")
	theirs = theirs or make_customer(team.stranger.name).name
	frappe.set_user(team.manager.user)
	with pytest.raises(frappe.PermissionError):
		insert_together([new("Cronus Customer Branch", branch_name="A", customer=theirs)])
	frappe.set_user("Administrator")


def test_a_rule_of_another_app_holds(team, monkeypatch):
	hooks = frappe.get_doc_hooks()
	rule = {**hooks.get("Cronus Customer", {}), "validate": [f"{__name__}.refuse"]}
	monkeypatch.setattr(frappe, "get_doc_hooks", lambda: {**hooks, "Cronus Customer": rule})
	monkeypatch.setattr(
		frappe,
		"get_attr",
		lambda path, real=frappe.get_attr: refuse if path.endswith(".refuse") else real(path),
	)
	with pytest.raises(frappe.ValidationError, match="not today"):
		insert_together([customer(team.seller.name)])


def refuse(doc, method):
	frappe.throw("not today")


@pytest.mark.parametrize("asked", [0, 1])
def test_nobody_is_told_unless_asked_for(imports, team, asked):
	notification = frappe.get_doc(
		{
			"doctype": "Notification",
			"name": unique("N"),
			"subject": "A new customer",
			"message": "x",
			"document_type": "Cronus Customer",
			"event": "New",
			"channel": "System Notification",
			"recipients": [{"receiver_by_role": "Cronus Sales Manager"}],
			"enabled": 1,
		}
	).insert()
	frappe.db.commit()
	try:
		rows = "\n".join(f"{unique('Acme')};{team.seller.name}" for _n in range(2))
		name = imports(f"Nombre;Vendedor\n{rows}\n", runs_automation=asked)
		check_and_run(name)
		told = {"document_name": ("in", records_of(name, "Cronus Customer")), "for_user": team.manager.user}
		assert bool(frappe.db.count("Notification Log", told)) == bool(asked)
		frappe.db.delete("Notification Log", told)
	finally:
		notification.delete()
		frappe.db.commit()
