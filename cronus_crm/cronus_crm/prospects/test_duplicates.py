import random
from datetime import date, timedelta

import frappe
import pytest
from frappe.utils import getdate

from cronus_crm.cronus_crm.doctype.cronus_prospect.test_cronus_prospect import make_prospect, proforma_for
from cronus_crm.cronus_crm.prospects import duplicates, prospect_follow_ups
from cronus_crm.patches.v0_2 import set_comparison_keys
from tests.scaffold import make_customer, make_seller, unique

TOMORROW = f"{date.today() + timedelta(days=1)} 10:00:00"


@pytest.mark.parametrize(
	("written", "region", "key"),
	[
		("55 1234 5678", "MX", "+525512345678"),
		("(55) 1234-5678", "MX", "+525512345678"),
		("+52 55 1234 5678", "MX", "+525512345678"),
		("+52 1 55 1234 5678", "MX", "+525512345678"),
		("01 55 1234 5678", "MX", "+525512345678"),
		("044 55 1234 5678", "MX", "+525512345678"),
		("045 55 1234 5678", "MX", "+525512345678"),
		("00 44 20 7946 0958", "DE", "+442079460958"),
		("+44 20 7946 0958", None, "+442079460958"),
		("55 1234 5678", None, "5512345678"),
		("123456", "MX", "123456"),
		("12345", "MX", None),
		("call me", "MX", None),
		("", "MX", None),
		(None, None, None),
	],
)
def test_phones_are_compared_with_their_country(written, region, key):
	assert duplicates.normalise_phone(written, region) == key


def test_e_mails_and_tax_ids_are_compared_without_what_people_write_differently():
	assert duplicates.normalise_email(" Ana@Example.COM ") == "ana@example.com"
	assert duplicates.normalise_email(" ") is None
	assert duplicates.normalise_tax_id("pañ-991231 ab1") == "PAÑ991231AB1"
	assert duplicates.normalise_tax_id("XAXX-010101-000") is None
	assert duplicates.normalise_tax_id("-") is None


def test_numbers_without_a_country_are_of_that_of_the_site(monkeypatch):
	monkeypatch.setattr(
		frappe, "get_system_settings", lambda key: {"country": "Mexico"}.get(key), raising=True
	)
	assert duplicates.build_keys("55 1234 5678", None, None)["phone_key"] == "+525512345678"


def test_what_is_the_same_is_found_among_what_the_caller_sees():
	seller, other = make_seller(), make_seller()
	# Other tests leave customers with telephones and tax ids of their own.
	phone, tax_id = f"+52 55 {random.randrange(10**8):08}", unique("TW")
	same = {"email": "Twin@example.com", "phone": phone, "tax_id": tax_id}
	prospect = make_prospect(seller.name, **same)
	customer = make_customer(seller.name, **same)
	frappe.db.set_value("Cronus Customer", customer.name, duplicates.build_keys(**same))
	found = duplicates.find_duplicates(email="twin@EXAMPLE.com", tax_id=tax_id.lower())
	assert [(one["doctype"], one["name"], one["same"]) for one in found] == [
		("Cronus Customer", customer.name, ["email", "tax_id"]),
		("Cronus Prospect", prospect.name, ["email", "tax_id"]),
	]
	assert [one["name"] for one in duplicates.find_duplicates(**same, exclude=prospect.name)] == [
		customer.name
	]
	frappe.set_user(seller.user)
	assert len(duplicates.find_duplicates(phone=phone)) == 2
	frappe.set_user(other.user)
	assert duplicates.find_duplicates(**same) == []


def test_nothing_is_the_same_as_nothing():
	make_prospect(make_seller().name)
	assert (
		duplicates.find_duplicates()
		== duplicates.find_duplicates(phone="12", email=" ", tax_id="XAXX010101000")
		== []
	)


def test_a_merge_fills_what_is_missing_and_moves_what_hangs_on_it():
	seller = make_seller()
	source = make_prospect(
		seller.name, phone="55 1234 5678", email="old@example.com", notes="Old", contacted_on="2026-01-02"
	)
	target = make_prospect(seller.name, email="new@example.com", notes="New", internal_notes="Care")
	follow_up = prospect_follow_ups.add_follow_up(source.name, "Information")["activity"]
	proforma = proforma_for(source)
	file = attach(source, "sketch.txt")
	source.add_comment("Comment", "They like blue")
	frappe.set_user(seller.user)
	assert duplicates.merge_prospects(source.name, target.name) == target.name
	target.reload()
	assert (target.phone, target.email) == ("55 1234 5678", "new@example.com")
	assert (target.notes, target.internal_notes) == ("NewOld", "Care")
	assert (target.contacted_on, target.state) == (getdate("2026-01-02"), "Quoted")
	assert target.quotation == proforma.name
	assert not frappe.db.exists("Cronus Prospect", source.name)
	assert frappe.db.get_value("Cronus Activity", follow_up, "prospect") == target.name
	assert frappe.db.get_value("Proforma", proforma.name, "prospect") == target.name
	assert frappe.db.get_value("File", file, "attached_to_name") == target.name
	comments = frappe.get_all(
		"Comment", {"reference_name": target.name}, pluck="content", order_by="creation asc"
	)
	assert any("They like blue" in comment for comment in comments)
	assert any(source.name in comment for comment in comments)


def test_the_appointment_of_a_merged_prospect_is_kept():
	seller = make_seller()
	source = make_prospect(seller.name, appointment_on=TOMORROW, subject="Samples")
	target, busy = make_prospect(seller.name), make_prospect(seller.name, appointment_on=TOMORROW)
	appointment = source.appointment
	duplicates.merge_prospects(source.name, target.name)
	target.reload()
	assert (target.appointment, target.subject) == (appointment, "Samples")
	target.update({"appointment_on": None}).save()
	assert frappe.db.get_value("Cronus Activity", appointment, "state") == "Cancelled"
	own = busy.appointment
	duplicates.merge_prospects(target.name, busy.name)
	assert busy.reload().appointment == own
	assert frappe.db.get_value("Cronus Activity", appointment, "prospect") == busy.name


def test_what_cannot_be_one_is_not_merged():
	seller, other = make_seller(), make_seller()
	one, another = make_prospect(seller.name), make_prospect(seller.name)
	with pytest.raises(frappe.ValidationError, match="into itself"):
		duplicates.merge_prospects(one.name, one.name)
	frappe.db.set_value("Cronus Prospect", another.name, "state", "Converted")
	for pair in ((one.name, another.name), (another.name, one.name)):
		with pytest.raises(frappe.ValidationError, match="already a customer"):
			duplicates.merge_prospects(*pair)
	of_one, of_other = (
		make_prospect(seller.name, customer=make_customer(seller.name).name) for _n in range(2)
	)
	with pytest.raises(frappe.ValidationError, match="two different customers"):
		duplicates.merge_prospects(of_one.name, of_other.name)
	foreign = make_prospect(other.name)
	frappe.set_user(seller.user)
	for pair in ((one.name, foreign.name), (foreign.name, one.name)):
		with pytest.raises(frappe.PermissionError):
			duplicates.merge_prospects(*pair)


def test_customers_of_before_get_their_keys(monkeypatch):
	monkeypatch.setattr(set_comparison_keys, "BATCH_SIZE", 2)
	seller = make_seller().name
	customers = [make_customer(seller, tax_id=f"Old-{n}", email=f"Old{n}@Example.com") for n in range(5)]
	names = [customer.name for customer in customers]
	frappe.db.set_value(
		"Cronus Customer",
		{"name": ("in", names)},
		{"tax_key": None, "email_key": None},
		update_modified=False,
	)
	set_comparison_keys.execute()
	assert frappe.get_all(
		"Cronus Customer",
		{"name": ("in", names)},
		["tax_key", "email_key"],
		as_list=True,
		order_by="name asc",
	) == tuple((f"OLD{n}", f"old{n}@example.com") for n in range(5))


def attach(doc, file_name: str, content: str | bytes = "content") -> str:
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": file_name,
			"content": content,
			"is_private": 1,
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
		}
	)
	return file.insert(ignore_permissions=True).name
