"""Time of issuing a proforma: insert and submit of five lines, with follow-up and ledger, as its seller.

Compared with a bare document of the same fields and lines, in the same run and by turns.
"""

import sys

import frappe

from benchmarks.bare import BARE, ensure_bare_doctypes, make_head
from benchmarks.harness import connect_to_site, measure_medians, report_ratio
from tests.scaffold import ensure_product, make_customer, make_seller

LINES = 5
RUNS = 60
TARGET = 1.5


def main() -> int:
	ensure_bare_doctypes()
	seller = make_seller()
	customer = make_customer(seller.name)
	product = ensure_product()
	frappe.db.commit()
	frappe.set_user(seller.user)
	line = {"product": product, "quantity": 2, "price": 100}

	def issue(doctype: str, **filled_in) -> None:
		doc = frappe.get_doc(
			{
				"doctype": doctype,
				"customer": customer.name,
				"seller": seller.name,
				"items": [{**line, **filled_in.get("line", {})} for _line in range(LINES)],
				**filled_in.get("head", {}),
			}
		)
		doc.insert()
		doc.submit()
		frappe.db.commit()

	complete = {
		"head": make_head(customer, product, LINES),
		"line": {"description": product, "unit": "Unit", "net_amount": 200},
	}
	bare, proforma = measure_medians(RUNS, lambda: issue(BARE, **complete), lambda: issue("Proforma"))
	rows = [("bare document, 5 lines", bare), ("proforma, 5 lines, follow-up and ledger", proforma)]
	return report_ratio("issue_proforma", rows, proforma / bare, TARGET)


if __name__ == "__main__":
	with connect_to_site():
		sys.exit(main())
