"""Two names that the database takes for the same: who writes the second one is told why."""

import frappe
import pytest
from frappe.model.rename_doc import rename_doc

from tests.scaffold import ensure_product, make_opportunity, make_seller

MASTERS = {
	"Cronus Stage": "stage",
	"Cronus Loss Reason": "loss_reason",
	"Cronus Contact Medium": "contact_medium",
	"Cronus Business Line": "business_line",
	"Cronus Activity Type": "activity_type",
	"Cronus Work Center": "work_center",
	"Cronus Classification Criterion": "criterion",
	"Cronus Price List": "title",
	"Cronus Tax": "title",
	"Cronus Seller": "seller_name",
	"Cronus Product": "product_code",
}

ALIKE = [("PIÑA", "PINA"), ("Azúcar", "AZUCAR"), ("🍎 1", "🍌 1")]


def make(doctype: str, fieldname: str, name: str):
	record = frappe.new_doc(doctype)
	record.set(fieldname, name)
	record.flags.ignore_mandatory = True
	if doctype == "Cronus Seller":
		record.is_group = 1
	if doctype == "Cronus Product":
		record.update({"product_name": name, "price": 1})
	return record.insert()


@pytest.mark.parametrize("first, second", ALIKE)
@pytest.mark.parametrize("doctype, fieldname", MASTERS.items())
def test_the_second_of_two_alike_names_is_refused_and_says_why(doctype, fieldname, first, second):
	made = make(doctype, fieldname, first)
	with pytest.raises(frappe.DuplicateEntryError) as refused:
		make(doctype, fieldname, second)
	assert first in str(refused.value) and second in str(refused.value)
	assert "pictures" in str(refused.value)
	# What is there can still be saved, and written with another accent.
	made.reload().save()


def test_a_record_is_not_renamed_to_what_is_alike_another():
	for code in ("PIÑA", "MANGO"):
		ensure_product(code)
	with pytest.raises(frappe.DuplicateEntryError, match="PIÑA"):
		rename_doc("Cronus Product", "MANGO", "PINA")
	assert rename_doc("Cronus Product", "PIÑA", "PINA", show_alert=False) == "PINA"
	assert frappe.db.get_value("Cronus Product", {"name": "PIÑA"}, "name") == "PINA"


def test_the_key_of_an_opportunity_that_one_does_not_see_is_not_told():
	first, second = make_seller(), make_seller()
	make_opportunity(first.name, external_key="KEY-Ñ")
	with pytest.raises(frappe.DuplicateEntryError, match="KEY-Ñ"):
		make_opportunity(second.name, external_key="KEY-N")
	frappe.clear_messages()
	frappe.set_user(second.user)
	with pytest.raises(Exception) as refused:
		make_opportunity(second.name, external_key="KEY-N")
	assert "KEY-Ñ" not in str(refused.value)


def test_tags_of_merged_records_show():
	stays, goes = ensure_product("STAYS-1"), ensure_product("GOES-1")
	for name, tags in ((stays, ("Kitchen", "Old, new")), (goes, ("Kitchen", "100 %"))):
		for tag in tags:
			frappe.desk.doctype.tag.tag.DocTags("Cronus Product").add(name, tag.replace(",", ""))
	rename_doc("Cronus Product", goes, stays, merge=True, show_alert=False)
	shown = frappe.db.get_value("Cronus Product", stays, "_user_tags")
	assert set(filter(None, shown.split(","))) == {"Kitchen", "Old new", "100 %"}
	links = frappe.get_all(
		"Tag Link", filters={"document_type": "Cronus Product", "document_name": stays}, pluck="tag"
	)
	assert sorted(links) == ["100 %", "Kitchen", "Old new"]
	assert not frappe.db.exists("Tag Link", {"document_type": "Cronus Product", "document_name": goes})
	found = frappe.get_list("Cronus Product", filters={"_user_tags": ("like", "%,100%")}, pluck="name")
	assert stays in found
