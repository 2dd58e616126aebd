"""The contract between the engine and the kinds of rows: what a kind has to say, and what it is given.

The engine (`chunks.py`) takes the rows of a batch in an order in which whatever a row refers to comes before
it, a chunk at a time, each chunk in a transaction. Of each chunk it

1. reads at once what the source has told of these records before (`PushedRow.known`), and answers rows that
   are older or say nothing new itself;
2. lets rows wait whose references (`list_references`) are not here;
3. refuses the past of kinds that the user may not import;
4. hands the rest to their kinds, as many together as are of one kind and do not refer to each other: `read`,
   then `write` with those that are still open, inside a savepoint. Where `write` raises an error, what it has
   written is rolled back and the rows are written one after the other (`write` with a list of one), so that
   only the wrong one is refused, with the words of its error;
5. keeps what was told, the outcomes and the checkpoint, and commits.

So a kind asks the database once for many rows, never for each; it neither commits nor rolls back; it decides
each row by `row.finish` or `row.refuse`; and it lets deadlocks pass. Whoever writes is the session's user,
and the kind asks for the rights of that user as every form does.

A kind is an instance of a subclass of `RowKind` in the list KINDS of its module, which stands in _MODULES.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

import frappe

from cronus_crm.cronus_exchange.comparing.linked_names import LinkedNames
from cronus_crm.cronus_exchange.pushing.pushed_rows import KnownRecord, PushedRow, Reference, make_key

# Modules with a list KINDS.
_MODULES = (
	"cronus_crm.cronus_exchange.pushing.master_kinds",
	"cronus_crm.cronus_exchange.external_documents.document_kinds",
)


class PushContext:
	"""What a kind may ask of the batch that its rows came in.

	source: values of the Cronus Source by fieldname. is_history: the batch tells the past. run: the name of
	the Cronus Exchange Run; None of rows that have waited. known: what the source has told before, by
	`make_key`: of the rows of the chunk and of what they refer to; the engine brings it up to date after each
	`write`. owned: what the source decides, as (DocType, fieldname). links: see `find_links`. memo: for what
	a kind wants to find once for the batch, by keys of its own.
	"""

	def __init__(
		self,
		source: frappe._dict,
		is_history: bool = False,
		run: str | None = None,
		owned: frozenset[tuple[str, str]] = frozenset(),
	):
		self.source, self.is_history, self.run, self.owned = source, is_history, run, owned
		self.known: dict[str, KnownRecord] = {}
		self.links: dict[str, LinkedNames] = {}
		self.memo: dict[Any, Any] = {}

	def of_history(self, is_history: bool) -> "PushContext":
		"""The same for rows that tell the past, or the present."""
		if is_history == self.is_history:
			return self
		return PushContext(self.source, is_history, self.run, self.owned)

	def find(self, kind: str, external_id: str) -> KnownRecord | None:
		"""What the source calls so, when it is here; a merged customer is the one that stayed."""
		known = self.known.get(make_key(self.source.name, kind, external_id))
		return known if known and known.is_here else None

	def find_links(self, doctype: str) -> LinkedNames:
		"""The records of a DocType by the names that values may have for them (sellers also by the e-mail of
		their user), read once for the batch. Of a big one `prefetch` the texts of all rows before
		`resolve`, which raises WrongValue for one that is not there."""
		if doctype not in self.links:
			self.links[doctype] = LinkedNames(doctype)
		return self.links[doctype]


class RowKind:
	"""A kind of rows.

	name: the `kind` of its rows (“customer”). label: its option in the field `kind` of Cronus External
	Record. rank: kinds of lower rank come first in a batch: products 10, customers 20, branches 30,
	contacts 40, prices 50, documents 60, balances 70. import_doctype: the DocType whose right Import whoever
	tells the past of it needs.
	"""

	name: str
	label: str
	rank: int
	import_doctype: str

	def list_references(self, row: PushedRow) -> list[Reference]:
		"""What has to be here before the row, by its data, which nobody has checked yet: what is not as it
		should be is left out here and refused by `read`. Rows of its own kind may be among them."""
		return []

	def read(self, rows: Sequence[PushedRow], context: PushContext) -> None:
		"""Reads `data` into `values`, with `known` and `context` at hand, and refuses what is wrong."""
		raise NotImplementedError

	def write(self, rows: Sequence[PushedRow], context: PushContext) -> None:
		"""Writes open rows, all together, in the transaction of the caller, and finishes each of them.
		Raises what one of them raises."""
		raise NotImplementedError

	def list_differences(self, row: PushedRow, context: PushContext) -> dict[str, list[Any]]:
		"""Of a record that is here: fields that are not as told last, as {field: [told, here]}."""
		return {}


@cache
def load_kinds() -> dict[str, RowKind]:
	"""All kinds by their names."""
	return {kind.name: kind for path in _MODULES for kind in import_module(path).KINDS}
