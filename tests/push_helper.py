"""Sources that tell records in tests. A push commits; `forget_source` removes what it has brought."""

from itertools import count

import frappe

from cronus_crm.cronus_exchange.pushing.external_records import RECORD
from cronus_crm.cronus_exchange.pushing.push import push
from cronus_crm.cronus_exchange.pushing.runs import RUN
from tests.scaffold import make_user

INTEGRATOR = "Cronus Integrator"

_batches = count(1)


class Teller:
	"""A source and its user. name: of the Cronus Source, and what numbers in tests begin with, so that
	nothing else on the site has them."""

	def __init__(self, user: str | None = None, **fields):
		self.user = user or make_user(INTEGRATOR)
		self.name = f"ERP{frappe.generate_hash(length=8)}"
		frappe.get_doc({"doctype": "Cronus Source", "source_name": self.name, **fields}).insert()
		frappe.db.commit()

	def push(self, rows: list, batch: str | None = None, history: bool = False) -> dict:
		"""The answer to a batch of rows, by default of a key of its own."""
		frappe.set_user(self.user)
		try:
			return push(self.name, batch or f"batch {next(_batches)}", rows, history)
		finally:
			frappe.set_user("Administrator")

	def tell(self, *rows: dict, **more) -> list[str]:
		"""The outcomes of rows."""
		return [result["outcome"] for result in self.push(list(rows), **more)["results"]]

	def tell_one(self, told: dict, **more) -> "frappe._dict":
		"""What became of one row."""
		(result,) = self.push([told], **more)["results"]
		return frappe._dict(result)

	def find(self, kind: str, external_id: str) -> "frappe._dict":
		"""What is kept of a record; kind as in the DocType (“Customer”)."""
		filters = {"source": self.name, "kind": kind, "external_id": external_id}
		return frappe.db.get_value(RECORD, filters, "*", as_dict=True) or frappe._dict()

	def load(self, kind: str, external_id: str):
		"""The record here."""
		known = self.find(kind, external_id)
		return frappe.get_doc(known.record_doctype, known.record_name)

	def count(self, kind: str, **filters) -> int:
		return frappe.db.count(RECORD, {"source": self.name, "kind": kind, **filters})


def row(kind: str, external_id: str, version=None, /, **data) -> dict:
	"""A row of a batch."""
	told = {"kind": kind, "id": external_id, "data": data}
	return told if version is None else {**told, "version": version}


def customer(external_id: str, version=None, /, **data) -> dict:
	return row("customer", external_id, version, **{"customer_name": f"Cliente {external_id}", **data})


def forget_source(name: str) -> None:
	"""Removes a source with the records that it has told, and commits. One that has told documents stays, as
	their entries and activities do."""
	frappe.set_user("Administrator")
	frappe.db.rollback()
	if frappe.db.exists(RECORD, {"source": name, "kind": "Document"}):
		return
	told = frappe.get_all(
		RECORD, {"source": name}, ["record_doctype", "record_name"], order_by="creation desc"
	)
	for known in told:
		if known.record_name:
			for field in frappe.get_meta(known.record_doctype).get_table_fields():
				frappe.db.delete(
					field.options, {"parent": known.record_name, "parenttype": known.record_doctype}
				)
			frappe.db.delete(known.record_doctype, known.record_name)
	for doctype in (RECORD, RUN):
		frappe.db.delete(doctype, {"source": name})
	frappe.db.delete("Cronus Source Field", {"parent": name})
	frappe.db.delete("Cronus Source", name)
	frappe.db.commit()
