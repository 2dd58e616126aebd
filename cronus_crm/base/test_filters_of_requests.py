"""Filters that a client sends: what is none ends in a sentence, on any version of the framework."""

import frappe
import pytest

from cronus_crm.base.arguments import read_filters

CUSTOMER = "Cronus Customer"


@pytest.mark.parametrize(
	"sent",
	[
		[1],
		[None],
		["CL-1", 5],
		["CL-1", ["tax_id", "=", "1"]],
		[["tax_id", "=", "1"], "and", ["name", "=", "x"]],
		[[["tax_id", "=", "1"], "and", ["name", "=", "x"]]],
		[[]],
		'[["name"]]',
		[["name", "=", "x"], []],
		[[CUSTOMER, "name", "=", "x", False, 1]],
		"[",
		"x",
		5,
		True,
		[{"no_such_field": 1}],
		{"no_such_field": 1},
	],
	ids=str,
)
def test_what_is_no_filter_is_refused(sent):
	with pytest.raises(frappe.ValidationError):
		read_filters(sent, CUSTOMER)


@pytest.mark.parametrize(
	"sent",
	[
		None,
		"",
		[],
		{},
		{"tax_id": "1"},
		'{"name": ["like", "%x%"]}',
		[["tax_id", "1"]],
		[["tax_id", "=", "1"]],
		[[CUSTOMER, "tax_id", "=", "1"]],
		[[CUSTOMER, "tax_id", "=", "1", False]],
		[{"tax_id": "1"}, ["name", "=", "x"]],
	],
	ids=str,
)
def test_what_the_framework_reads_is_handed_on(sent):
	assert read_filters(sent, CUSTOMER) == (frappe.parse_json(sent) if sent else [])


def test_names_become_a_condition_to_which_others_can_be_added():
	assert read_filters('["CL-1", "CL-2"]', CUSTOMER) == [["name", "in", ["CL-1", "CL-2"]]]
