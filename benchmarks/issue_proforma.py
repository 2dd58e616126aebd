"""What issuing a proforma costs: insert and submit of five lines, with follow-up and ledger, as its seller.

Compared with a bare submittable DocType of the same fields and the same lines, which no controller and no
hook of ours knows, in the same run and by turns.
"""

import sys

import frappe

from benchmarks.harness import medians, report, site
from tests.scaffold import SELLER, ensure_product, make_customer, make_seller

LINES = 5
RUNS = 60
TARGET = 1.5
BARE, BARE_LINE = "Bare Document", "Bare Line"


def ensure_bare_doctypes() -> None:
	for name, model, flags in (
		(BARE_LINE, "Cronus Document Item", {"istable": 1}),
		(BARE, "Proforma", {"is_submittable": 1, "autoname": "BARE-.YYYY.-.#####", "track_changes": 1}),
	):
		if frappe.db.exists("DocType", name):
			continue
		fields = [
			{
				key: field.get(key)
				for key in ("fieldname", "fieldtype", "label", "options", "reqd", "search_index")
			}
			for field in frappe.get_meta(model).fields
			if field.fieldname not in ("naming_series", "amended_from")
		]
		for field in fields:
			if field["fieldtype"] == "Table":
				field["options"] = BARE_LINE
		permissions = [{"role": SELLER, "read": 1, "write": 1, "create": 1, "submit": 1}]
		frappe.get_doc(
			{
				"doctype": "DocType",
				"name": name,
				"module": "Core",
				"custom": 1,
				"fields": fields,
				"permissions": [] if flags.get("istable") else permissions,
				**flags,
			}
		).insert()


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

	# The bare document is given what a proforma works out, so that both write the same row.
	complete = {
		"head": {
			"posting_date": frappe.utils.nowdate(),
			"valid_until": frappe.utils.nowdate(),
			"customer_name": customer.customer_name,
			"currency": "USD",
			"exchange_rate": 1,
			"net_total": 1000,
			"grand_total": 1000,
		},
		"line": {"description": product, "unit": "Unit", "net_amount": 200},
	}
	bare, proforma = medians(RUNS, lambda: issue(BARE, **complete), lambda: issue("Proforma"))
	rows = [("bare document, 5 lines", bare), ("proforma, 5 lines, follow-up and ledger", proforma)]
	return report("issue_proforma", rows, proforma / bare, TARGET)


if __name__ == "__main__":
	with site():
		sys.exit(main())
