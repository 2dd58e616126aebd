import frappe

from cronus_crm.patches.v0_3 import set_taxes
from tests.scaffold import ensure_product, issue_proforma, make_seller, unique


def shown(proforma) -> list[tuple]:
	proforma.reload()
	return [(row.idx, row.tax, row.rate, row.base, row.amount, row.docstatus) for row in proforma.taxes]


def lines(proforma) -> list[tuple]:
	return [(row.tax, row.tax_rate, row.net_amount, row.gross_amount) for row in proforma.items]


def forget_taxes(proforma, product: str) -> None:
	"""What the version before has left behind."""
	frappe.db.set_value("Cronus Product", product, "tax", None)
	frappe.db.delete("Cronus Document Tax", {"parent": proforma.name})
	for row in proforma.items:
		frappe.db.set_value("Cronus Document Item", row.name, {"tax": None, "gross_amount": 0})


def test_products_lines_and_documents_of_before_get_what_those_of_today_have():
	product = ensure_product(unique("P"), tax_rate=15)
	prices = [(0.1, 15), (0.1, 15), (0.13, 15), (33.33, 12), (10, 0)]
	items = [{"product": product, "quantity": 1, "price": price, "tax_rate": rate} for price, rate in prices]
	proforma = issue_proforma(make_seller().name, items=items)
	taxes, rows = shown(proforma), lines(proforma)
	assert len(taxes) == 3
	forget_taxes(proforma, product)
	set_taxes.execute()
	set_taxes.execute()
	assert frappe.db.get_value("Cronus Product", product, "tax") == "VAT 15 %"
	assert shown(proforma) == taxes
	tax_less = [row[:3] for row in rows]
	assert [row[:3] for row in lines(proforma)] == tax_less
	assert sorted(row[3] for row in lines(proforma)) == sorted(row[3] for row in rows)
	assert sum(row[3] for row in lines(proforma)) == proforma.grand_total


def test_a_rate_that_no_tax_has_gets_one():
	product = ensure_product(unique("P"))
	frappe.db.set_value("Cronus Product", product, {"tax": None, "tax_rate": 7.25})
	set_taxes.execute()
	assert frappe.db.get_value("Cronus Product", product, "tax") == "VAT 7.25 %"
	assert frappe.db.get_value("Cronus Tax", "VAT 7.25 %", "rate") == 7.25
