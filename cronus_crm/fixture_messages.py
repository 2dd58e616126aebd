"""Finds what is to be translated in the masters that the app brings: the names that people read in lists."""

import json
from collections.abc import Iterator
from typing import IO

# Their names are shown translated; see `translated_doctype` in each of them.
TRANSLATED_MASTERS = ("Cronus Activity Type", "Cronus Stage", "Cronus Loss Reason", "Role")


def extract(fileobj: IO, keywords, comment_tags, options) -> Iterator[tuple[int, str, str, list[str]]]:
	"""Babel's interface: (line, function, message, comments) for each name in a file of fixtures."""
	for record in json.load(fileobj):
		if record.get("doctype") in TRANSLATED_MASTERS:
			yield 1, "_", record["name"], [f"Name of a {record['doctype']}"]
