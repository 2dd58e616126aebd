"""What is looked up in tables of the framework has an index."""

import frappe
import pytest

from cronus_crm.base import core_indexes


@pytest.mark.parametrize("doctype, field, index", core_indexes.INDEXES)
def test_the_index_is_there_and_used(site, doctype, field, index):
	plan = frappe.db.sql(f"explain select name from `tab{doctype}` where `{field}` = 'x'", as_dict=True)
	assert plan[0]["possible_keys"] == index


@pytest.mark.parametrize("doctype, field, index", core_indexes.INDEXES)
def test_the_index_stays_when_the_framework_changes_the_table(site, doctype, field, index):
	frappe.db.updatedb(doctype)
	assert frappe.db.has_index(f"tab{doctype}", index)


def test_an_index_that_is_there_is_not_made_twice(site):
	before = frappe.db.sql("show index from `tabContact Email`", as_list=True)
	core_indexes.make_indexes()
	assert frappe.db.sql("show index from `tabContact Email`", as_list=True) == before


def test_dropped_indexes_are_made_again(site):
	core_indexes.drop_indexes()
	found = {"property": "search_index", "doc_type": ("in", ("Contact", "Contact Email"))}
	try:
		assert not frappe.db.has_index("tabContact Email", "cronus_email_id")
		assert not frappe.db.count("Property Setter", found)
	finally:
		core_indexes.make_indexes()
		frappe.db.commit()
	assert frappe.db.has_index("tabContact Email", "cronus_email_id")
	assert frappe.db.count("Property Setter", found) == 2
