"""The ERP of the demo: a source that tells some customers of Quillamar, and what it has invoiced to them."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import frappe

from cronus_crm.cronus_exchange.pushing import batch_reading, codes, runs, sources
from cronus_crm.cronus_exchange.pushing.chunks import do_chunk
from cronus_crm.cronus_exchange.pushing.external_records import RECORD
from cronus_crm.cronus_exchange.pushing.pushed_rows import PushedRow
from cronus_crm.cronus_exchange.pushing.row_kinds import PushContext
from cronus_crm.cronus_exchange.pushing.row_order import sort_rows, split_chunks
from cronus_crm.demo import company_facts, past_documents
from cronus_crm.demo.customer_writer import CustomerWriter
from cronus_crm.demo.record_writer import RecordWriter

SOURCE, DOCUMENT = "Cronus Source", "Cronus External Document"

# What the ERP has told stays or goes together.
GROUP = "erp"

# Customers that the ERP knows too: the first ones of the company.
_CUSTOMERS = 4

# Documents: kind, number, position of the customer, days before the last day of the story, amount without
# tax, share of the total that is left to pay, and number of the document that it was made from.
_DOCUMENTS = (
	("proforma", "COT-00871", 0, 47, 480, 0, None),
	("invoice", "001-002-000004417", 0, 40, 480, 1, "COT-00871"),
	("invoice", "001-002-000004423", 1, 33, 920, 0, None),
	("invoice", "001-002-000004431", 2, 21, 276, 1, None),
	("credit_note", "001-002-000000209", 1, 12, 92, 0, None),
	("order", "PED-03310", 3, 6, 1290, 0, None),
	("invoice", "001-002-000004468", 3, 4, 645, 0.5, None),
)
_DAYS_TO_PAY = 30


class ErpWriter:
	"""Writes the source, and pushes its rows as a program would, in the transaction of the demo."""

	def __init__(self, writer: RecordWriter, customer_writer: CustomerWriter):
		self.writer = writer
		self.accounts = sorted(customer_writer.customers)[:_CUSTOMERS]
		self.customers = customer_writer.customers
		self.today = writer.story.today

	def write(self, user: str) -> None:
		"""user: of the program that speaks for the ERP."""
		self.writer.write(
			SOURCE,
			group=GROUP,
			on=self.today,
			source_name=company_facts.ERP,
			enabled=1,
			user=user,
			url_template="https://erp.quillamar.example.com/{kind}/{id}",
			default_seller=company_facts.TEAMS[0].manager,
			rows_per_hour=200_000,
			wait_days=7,
			keep_runs_days=90,
		)
		self.push("0001", [*map(self.make_customer, range(_CUSTOMERS))])
		self.push("0002", [*map(self.make_document, _DOCUMENTS), *self.make_mistakes()])
		self.record_told()

	def make_customer(self, number: int) -> dict:
		customer = self.customers[self.accounts[number]]
		data = {"customer_name": customer.customer_name, "tax_id": customer.tax_id}
		return {"kind": "customer", "id": self.make_id(number), "version": 1, "data": data}

	def make_id(self, number: int) -> str:
		return f"C-{100 + number}"

	def make_document(self, document: tuple) -> dict:
		kind, number, customer, days, net, unpaid, origin = document
		on = self.today - timedelta(days=days)
		tax = round(net * company_facts.TAX_RATE / 100, 2)
		data = {
			"kind": kind,
			"number": number,
			"customer": self.make_id(customer),
			"posting_date": str(on),
			"currency": company_facts.CURRENCY,
			"net_total": net,
			"tax_total": tax,
			"grand_total": round(net + tax, 2),
		}
		if kind == "invoice":
			data |= {
				"due_date": str(on + timedelta(days=_DAYS_TO_PAY)),
				"balance": round((net + tax) * unpaid, 2),
			}
		if origin:
			data["origins"] = [{"kind": "proforma", "id": origin}]
		return {"kind": "document", "id": number, "version": 1, "data": data}

	def make_mistakes(self) -> list[dict]:
		"""A row that waits for its customer, and one with a seller who is nobody."""
		waits = self.make_document(("order", "PED-03318", 0, 1, 430, 0, None))
		waits["data"]["customer"] = "C-131"
		wrong = self.make_document(("invoice", "001-002-000004471", 2, 2, 155, 1, None))
		wrong["data"]["seller"] = "Mostrador"
		return [waits, wrong]

	def push(self, number: str, rows: list[dict]) -> None:
		"""Does a batch as `pushing/push.py` does, without its commits."""
		batch = f"{self.today}/{number}"
		told = batch_reading.read_rows(rows)
		source = frappe.db.get_value(SOURCE, company_facts.ERP, "*", as_dict=True)
		run = runs.make_name(source.name, batch)
		context = PushContext(source, False, run, sources.read_owned(source.name))
		for groups in split_chunks(sort_rows(told)):
			do_chunk(groups, context)
		self.write_run(run, batch, told, batch_reading.hash_batch(rows, False))

	def write_run(self, name: str, batch: str, rows: Sequence[PushedRow], body_hash: str) -> None:
		moment, counts = frappe.utils.now_datetime(), Counter(row.outcome for row in rows)
		values = {f"rows_{outcome}": counts[outcome] for outcome in codes.OUTCOMES}
		answer = {"results": [runs.write_result(row) for row in rows], "waited": []}
		run = past_documents.write_document(
			runs.RUN,
			{
				"source": company_facts.ERP,
				"batch": batch,
				"state": "Done",
				"origin": runs.REQUEST,
				"began_on": moment,
				"ended_on": moment,
				"rows_total": len(rows),
				"rows_done": len(rows),
				"body_hash": body_hash,
				"answer": json.dumps(answer),
				**values,
			},
			on=None,
			name=name,
		)
		self.writer.record_document(run, GROUP)
		frappe.db.set_value(SOURCE, company_facts.ERP, "last_told_on", moment, update_modified=False)

	def record_told(self) -> None:
		"""Records what the rows have become, so that it is removed with the demo."""
		by_source = {"source": company_facts.ERP}
		for doctype in (RECORD, DOCUMENT):
			for name in frappe.get_all(doctype, by_source, pluck="name", order_by="name asc"):
				doc = self.writer.record_document(frappe.get_doc(doctype, name), GROUP)
				if doctype == DOCUMENT:
					for activity in past_documents.find_activities(doc):
						self.writer.record_document(activity, GROUP)
