"""What differs is found whoever changes it, and what people decide about it holds."""

import frappe
import pytest

from cronus_crm.api import exchange
from cronus_crm.cronus_exchange.differing import kept_values
from cronus_crm.cronus_exchange.differing.record_values import read_values, write_values
from cronus_crm.cronus_exchange.owning.owned_fields import owned_of_source
from cronus_crm.cronus_exchange.pushing.told_now import telling
from cronus_crm.visibility.ownership import INTEGRATOR_ROLE
from tests.scaffold import MANAGER, SELLER, make_customer, make_seller, make_user, unique
from tests.sources import EXTERNAL, make_source, own, tell

CUSTOMER = "Cronus Customer"

pytestmark = pytest.mark.usefixtures("site")


@pytest.fixture
def told():
	"""A customer of whom a source, which owns the name alone, has told name, city and telephone."""
	frappe.set_user("Administrator")
	customer = make_customer(make_seller().name, customer_name=unique("Acme"), city="Quito", notes="Nuestra")
	source = make_source()
	own(source, CUSTOMER, "customer_name")
	values = {"customer_name": customer.customer_name, "city": "Quito", "notes": "Nuestra"}
	key = tell(source, customer, values, external_id="C-1")
	return frappe._dict(customer=customer, source=source, key=key, values=values)


def tell_again(told, **values) -> dict:
	"""What a push does with a row of a record that is here; gives back what it has written."""
	columns = frappe.db.get_value(EXTERNAL, told.key, kept_values.COLUMNS, as_dict=True)
	kept = kept_values.read_kept(columns)
	doc = frappe.get_doc(CUSTOMER, told.customer.name)
	stored = kept_values.read_stored(doc, kept, values)
	decision = kept_values.decide(stored, values, kept, owned_of_source(told.source.name, CUSTOMER))
	write_values(doc, decision.write)
	with telling(told.source.name):
		doc.save()
	stored = kept_values.read_stored(doc, kept, values)
	frappe.db.set_value(EXTERNAL, told.key, kept_values.keep(stored, values, kept, decision))
	return decision.write


def change(told, **values) -> None:
	frappe.get_doc(CUSTOMER, told.customer.name).update(values).save()


def differing(told) -> dict[str, tuple[str, str]]:
	"""By field, what the page says is theirs and ours."""
	return {
		field["fieldname"]: (field["theirs"], field["ours"])
		for row in exchange.list_drift(told.source.name)["rows"]
		for field in row["fields"]
	}


def test_what_was_changed_here_stays_and_differs_until_both_say_the_same(told):
	assert differing(told) == {}
	change(told, city="Loja")
	assert differing(told) == {"city": ("Quito", "Loja")}
	assert tell_again(told, city="Cuenca", notes="Suya") == {"notes": "Suya"}
	assert differing(told) == {"city": ("Cuenca", "Loja")}
	change(told, city="Cuenca")
	assert differing(told) == {}
	assert frappe.db.get_value(EXTERNAL, told.key, "state") == "In Step"


def test_what_the_erp_owns_is_written_over_ours(told):
	other = unique("Acme S.A.")
	frappe.db.set_value(CUSTOMER, told.customer.name, "customer_name", "Por SQL")
	assert tell_again(told, customer_name=other) == {"customer_name": other}
	assert differing(told) == {}


def test_theirs_is_taken(told):
	change(told, city="Loja", notes="Otra")
	exchange.take_theirs(told.key, ["city"])
	assert frappe.db.get_value(CUSTOMER, told.customer.name, ["city", "notes"]) == ("Quito", "Otra")
	assert differing(told) == {"notes": ("Nuestra", "Otra")}
	assert tell_again(told, city="Cuenca") == {"city": "Cuenca"}


def test_ours_is_kept_until_the_erp_tells_another_value(told):
	change(told, city="Loja")
	exchange.take_ours(told.key, '["city"]')
	assert differing(told) == {}
	assert tell_again(told, city="Quito") == {}
	assert differing(told) == {}
	tell_again(told, city="Cuenca")
	assert differing(told) == {"city": ("Cuenca", "Loja")}


def test_since_when_it_differs_stays_while_it_does(told):
	change(told, city="Loja")
	((first,),) = [row["fields"] for row in exchange.list_drift(told.source.name)["rows"]]
	frappe.db.set_value(EXTERNAL, told.key, "differing", '{"city": "2026-01-02 03:04:05"}')
	change(told, city="Ambato")
	((field,),) = [row["fields"] for row in exchange.list_drift(told.source.name)["rows"]]
	assert first["since"] and field["since"] == "2026-01-02 03:04:05"
	assert not field["is_owned"] and field["label"] == "City"


def test_what_differs_no_more_is_not_decided(told):
	for decide in (exchange.take_theirs, exchange.take_ours):
		with pytest.raises(frappe.ValidationError, match="City"):
			decide(told.key, ["city"])
		with pytest.raises(frappe.DoesNotExistError):
			decide("none", ["city"])


def test_another_source_sees_what_the_first_one_changes(told):
	other = make_source()
	own(other, CUSTOMER, "tax_id")
	key = tell(other, told.customer, {"city": "Quito"})
	tell_again(told, city="Loja")
	assert frappe.db.get_value(EXTERNAL, key, "state") == "Differs"
	assert frappe.db.get_value(EXTERNAL, told.key, "state") == "In Step"


def test_mails_and_telephones_of_a_contact_become_those_of_the_erp():
	contact = frappe.get_doc({"doctype": "Contact", "first_name": unique("Ana")})
	contact.append("email_ids", {"email_id": "a@example.com", "is_primary": 1})
	contact.append("phone_nos", {"phone": "0991234567", "is_primary_mobile_no": 1})
	contact.append("phone_nos", {"phone": "022345678", "is_primary_phone": 1})
	contact.insert()
	write_values(contact, {"emails": ["b@example.com", "c@example.com"], "mobiles": ["0997654321"]})
	contact.save()
	contact.reload()
	assert [row.email_id for row in contact.email_ids] == ["b@example.com", "c@example.com"]
	assert contact.email_id == "b@example.com"
	assert {row.phone: row.is_primary_mobile_no for row in contact.phone_nos} == {
		"022345678": 0,
		"0997654321": 1,
	}
	told = {"phones": ["022345678"], "mobiles": ["099 765 4321"]}
	assert read_values(contact, told, told) == {"phones": ["022345678"], "mobiles": ["0997654321"]}


def test_only_administrators_work_on_it(told):
	change(told, city="Loja")
	for roles in ((SELLER, MANAGER), (INTEGRATOR_ROLE,)):
		frappe.set_user(make_user(*roles))
		for ask in (
			lambda: exchange.list_sources(),
			lambda: exchange.list_runs(told.source.name),
			lambda: exchange.list_rows(told.source.name, "Refused"),
			lambda: exchange.list_drift(told.source.name),
			lambda: exchange.switch_source(told.source.name, 0),
			lambda: exchange.fetch_files(told.source.name),
			lambda: exchange.take_theirs(told.key, ["city"]),
			lambda: exchange.take_ours(told.key, ["city"]),
			lambda: exchange.ask_again([told.key]),
		):
			with pytest.raises(frappe.PermissionError):
				ask()


def test_files_are_fetched_of_a_source_that_has_a_place_for_them(told):
	with pytest.raises(frappe.ValidationError, match="no place"):
		exchange.fetch_files(told.source.name)
