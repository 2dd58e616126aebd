"""Times of the document chain: issue a proforma, convert it to an invoice and submit that, pay it; 5 and 100
lines.

Issuing and converting are compared with a bare document of the same fields and lines that is inserted and
submitted, or mapped to one with the fields of an invoice, inserted, read and submitted; in the same run and
alternately. A payment has no bare counterpart; its time is only printed.
"""

import sys

import frappe
from frappe.model.mapper import get_mapped_doc

from benchmarks.bare import BARE, BARE_INVOICE, BARE_LINE, ensure_bare_doctypes, make_head
from benchmarks.harness import connect_to_site, measure_medians, report_ratio
from cronus_crm.cronus_billing.documents import document_chain
from cronus_crm.cronus_billing.money import payment_allocation
from tests.scaffold import BILLING, SELLER, ensure_product, make_customer, make_seller

FEW, MANY = 5, 100
RUNS = {FEW: 40, MANY: 8}
ISSUE_TARGET, CONVERT_TARGET, LINES_TARGET = 1.5, 1.8, 8


class Chain:
	"""The steps for documents of `lines` lines, in their order: each uses the document of the step before."""

	def __init__(self, lines: int):
		self.lines = lines
		self.seller = make_seller(roles=(SELLER, BILLING))
		self.customer = make_customer(self.seller.name)
		self.line = {"product": ensure_product(), "quantity": 2, "price": 100}
		self.party = {"customer": self.customer.name, "seller": self.seller.name}
		frappe.db.commit()

	def issue(self) -> None:
		self.proforma = self._issue("Proforma", self.party, self.line)

	def issue_bare(self) -> None:
		head = self.party | make_head(self.customer, self.line["product"], self.lines)
		line = self.line | {"description": self.line["product"], "unit": "Unit", "net_amount": 200}
		self.bare = self._issue(BARE, head, line)

	def _issue(self, doctype: str, head: dict, line: dict):
		items = [dict(line) for _line in range(self.lines)]
		doc = frappe.get_doc({"doctype": doctype, **head, "items": items})
		return self._submit(doc.insert())

	def convert(self) -> None:
		(name,) = document_chain.convert_documents("Proforma", self.proforma.name, "Invoice")
		self.invoice = self._submit(frappe.get_doc("Invoice", name))

	def convert_bare(self) -> None:
		tables = {BARE: {"doctype": BARE_INVOICE}, BARE_LINE: {"doctype": BARE_LINE}}
		draft = get_mapped_doc(BARE, self.bare.name, tables)
		draft.append("instalments", {"product": self.line["product"], "quantity": 1})
		draft.insert()
		self._submit(frappe.get_doc(BARE_INVOICE, draft.name))

	def pay(self) -> None:
		self._submit(frappe.get_doc("Cronus Payment", payment_allocation.make_payment(self.invoice.name)))

	def _submit(self, doc):
		doc.submit()
		frappe.db.commit()
		return doc


def measure(lines: int) -> list[float]:
	"""Median seconds to issue bare, issue, convert bare, convert and pay."""
	steps = Chain(lines)
	frappe.set_user(steps.seller.user)
	found = measure_medians(
		RUNS[lines], steps.issue_bare, steps.issue, steps.convert_bare, steps.convert, steps.pay
	)
	frappe.set_user("Administrator")
	return found


def main() -> int:
	ensure_bare_doctypes()
	few, many = measure(FEW), measure(MANY)
	codes = []
	for lines, found in ((FEW, few), (MANY, many)):
		issue_bare, issue, convert_bare, convert, pay = found
		issued = [(f"bare document, {lines} lines", issue_bare), (f"proforma, {lines} lines", issue)]
		codes.append(report_ratio("issue", issued, issue / issue_bare, ISSUE_TARGET))
		converted = [
			("bare document, mapped and submitted", convert_bare),
			("invoice of a proforma", convert),
		]
		codes.append(report_ratio("convert and submit", converted, convert / convert_bare, CONVERT_TARGET))
		print(f"payment of that invoice  {pay * 1000:8.2f} ms\n")
	steps = [("issue, 5 lines", few[1]), ("issue, 100 lines", many[1])]
	codes.append(report_ratio("lines of an issue", steps, many[1] / few[1], LINES_TARGET))
	steps = [("convert, 5 lines", few[3]), ("convert, 100 lines", many[3])]
	codes.append(report_ratio("lines of a conversion", steps, many[3] / few[3], LINES_TARGET))
	return max(codes)


if __name__ == "__main__":
	with connect_to_site():
		sys.exit(main())
