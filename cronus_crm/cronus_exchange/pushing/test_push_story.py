"""Random batches of customers and branches against a plain model: in any order, repeated, older, waiting for
each other, and cut into chunks anywhere."""

from dataclasses import dataclass, field

import frappe
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cronus_crm.cronus_exchange.pushing import row_order
from tests.push_helper import Teller, forget_source

CITIES = ("Quito", "Loja", "Cuenca")


@dataclass
class Record:
	"""What the model knows of a record. accepted, waiting: the data of the last row; None for none."""

	version: int | None = None
	values: dict = field(default_factory=dict)
	accepted: dict | None = None
	waiting: tuple[int | None, dict] | None = None


class Model:
	def __init__(self):
		self.records: dict[tuple[str, str], Record] = {}

	def tell(self, rows: list[dict]) -> list[str]:
		"""The outcomes of a batch."""
		outcomes = {}
		for place, told in sorted(enumerate(rows), key=self._sort_key):
			outcomes[place] = self._do(told["kind"], told["id"], told.get("version"), told["data"])
		for (kind, external_id), record in self.records.items():
			if record.waiting and self._is_here(record.waiting[1]):
				self._do(kind, external_id, *record.waiting)
		return [outcomes[place] for place in range(len(rows))]

	@staticmethod
	def _sort_key(numbered: tuple[int, dict]) -> tuple:
		place, told = numbered
		return told["kind"] == "branch", told.get("version") or 0, place

	def _is_here(self, data: dict) -> bool:
		wanted = self.records.get(("customer", data.get("customer")))
		return "customer" not in data or bool(wanted and wanted.accepted is not None)

	def _do(self, kind: str, external_id: str, version: int | None, data: dict) -> str:
		record = self.records.setdefault((kind, external_id), Record())
		last = record.waiting[0] if record.waiting else record.version
		if version and last and version < last:
			return "older"
		same = not version or not last or version == last
		if record.accepted is not None and not record.waiting and same and record.accepted == data:
			record.version = version or last
			return "unchanged"
		if not self._is_here(data):
			record.waiting = (version, data)
			return "waiting"
		record.waiting = None
		return self._write(record, version, data)

	def _write(self, record: Record, version: int | None, data: dict) -> str:
		if record.accepted is not None and record.values.get("customer") != data.get("customer"):
			return "refused"
		values = {**record.values, **data}
		is_new = record.accepted is None
		outcome = "created" if is_new else "unchanged" if values == record.values else "updated"
		record.values, record.accepted, record.version = values, data, version or record.version
		return outcome


versions = st.one_of(st.none(), st.integers(1, 3))
customers = st.builds(
	lambda number, version, city: _row(
		"customer", f"C{number}", version, customer_name=f"Cliente {number}", **city
	),
	st.integers(0, 3),
	versions,
	st.one_of(st.just({}), st.sampled_from(CITIES).map(lambda city: {"city": city})),
)
branches = st.builds(
	lambda number, version, city, customer: _row(
		"branch", f"B{number}", version, branch_name=f"Sucursal {number}", customer=f"C{customer}", city=city
	),
	st.integers(0, 3),
	versions,
	st.sampled_from(CITIES),
	st.integers(0, 3),
)
batches = st.lists(st.lists(st.one_of(customers, branches), min_size=1, max_size=8), min_size=1, max_size=5)


def _row(kind: str, external_id: str, version: int | None, **data) -> dict:
	told = {"kind": kind, "id": external_id, "data": data}
	return {**told, "version": version} if version else told


def read_stored(teller: Teller) -> dict[tuple[str, str], tuple]:
	"""What is here of each record: whether it waits, and its values."""
	found = {}
	known = frappe.get_all(
		"Cronus External Record",
		{"source": teller.name},
		["kind", "external_id", "record_doctype", "record_name", "pending"],
		order_by="name asc",
	)
	names = {record.record_name: record.external_id for record in known if record.kind == "Customer"}
	for record in known:
		values = None
		if record.record_name:
			doc = frappe.get_doc(record.record_doctype, record.record_name)
			values = (doc.city or None, names.get(doc.get("customer")))
		found[record.kind.lower(), record.external_id] = bool(record.pending), values
	return found


def compare(teller: Teller, model: Model) -> None:
	expected = {
		place: (
			bool(record.waiting),
			None if record.accepted is None else (record.values.get("city"), record.values.get("customer")),
		)
		for place, record in model.records.items()
	}
	assert read_stored(teller) == expected
	for doctype, kind in (("Cronus Customer", "customer"), ("Cronus Customer Branch", "branch")):
		number = sum(place[0] == kind and values[1] is not None for place, values in expected.items())
		assert frappe.db.count(doctype, {"owner": teller.user}) == number


# Without looking for a smaller example, which would take minutes.
@settings(
	max_examples=12,
	deadline=None,
	suppress_health_check=list(HealthCheck),
	derandomize=True,
	phases=[Phase.generate],
)
@given(story=batches, cut=st.sampled_from([2, 3, 100]))
def test_what_is_here_is_what_a_plain_model_says(site, story, cut):
	teller, model, before = Teller(), Model(), row_order.CHUNK_ROWS
	row_order.CHUNK_ROWS = cut
	try:
		for rows in story:
			outcomes, expected = teller.tell(*rows), model.tell(rows)
			compare(teller, model)
			if cut == 100:
				assert outcomes == expected
			batch = frappe.generate_hash()
			teller.push(rows, batch=batch)
			model.tell(rows)
			compare(teller, model)
			assert teller.push(rows, batch=batch)["repeated"]
	finally:
		row_order.CHUNK_ROWS = before
		forget_source(teller.name)
