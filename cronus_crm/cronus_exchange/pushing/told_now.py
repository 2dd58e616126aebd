"""Whether the record that is being saved is written because its source has told it.

What an ERP decides nobody changes here, and what it tells comes in by the same saves as everything else: the
check asks here who saves.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Nobody's: what a merge takes over stands in our records already.
_MERGE = ""

_source: ContextVar[str | None] = ContextVar("cronus_source_told_now", default=None)


def source_told_now() -> str | None:
	"""The name of the Cronus Source whose rows are being written; "" while customers are merged; None in
	every other save."""
	return _source.get()


@contextmanager
def telling(source: str) -> Iterator[None]:
	"""While rows of this source are written."""
	before = _source.set(source)
	try:
		yield
	finally:
		_source.reset(before)


def merging():
	"""While records that are the same become one: what one of them has is taken over by the other."""
	return telling(_MERGE)
