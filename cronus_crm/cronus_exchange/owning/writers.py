"""Who writes: a person, or the exchange in the name of an ERP.

Only code says so, by :func:`writing_for`; nothing that a request or a document brings does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_writer: ContextVar[str | None] = ContextVar("cronus_exchange_writer", default=None)

# Who has no source of its own and may write what an ERP owns: a merge of customers, whose values all come from
# records.
MERGING = "\0merging"


@contextmanager
def writing_for(source: str) -> Iterator[None]:
	"""What is saved inside comes from an ERP: its own fields may change, and its changes are not told back to
	it. source: name of the Cronus Source, or MERGING."""
	before = _writer.set(source)
	try:
		yield
	finally:
		_writer.reset(before)


def is_written_for_somebody() -> bool:
	"""Whether a save is no change by a person."""
	return _writer.get() is not None


def current_source() -> str | None:
	"""The Cronus Source in whose name records are written now; None for people and for merges."""
	writer = _writer.get()
	return None if writer == MERGING else writer
