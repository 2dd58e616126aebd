import frappe

from cronus_crm.patches.v0_3 import name_origins_of_lines
from tests.scaffold import invoice_of, issue_proforma, make_seller

ORIGIN = ("source_doctype", "source_name", "source_row")


def test_a_line_of_an_old_invoice_says_where_it_comes_from(monkeypatch):
	proforma = issue_proforma(make_seller().name)
	line = invoice_of(proforma).items[0].name
	# A new site has no columns of the old names: two of text stand in for them.
	monkeypatch.setattr(name_origins_of_lines, "OLD_NAME", "unit")
	monkeypatch.setattr(name_origins_of_lines, "OLD_ROW", "description")
	old = {"unit": proforma.name, "description": proforma.items[0].name}
	frappe.db.set_value("Cronus Document Item", line, old | dict.fromkeys(ORIGIN))
	name_origins_of_lines.execute()
	expected = ("Proforma", proforma.name, proforma.items[0].name)
	assert frappe.db.get_value("Cronus Document Item", line, ORIGIN) == expected


def test_a_new_site_has_nothing_to_carry():
	name_origins_of_lines.execute()
