"""Every list of ours says what comes next when it is empty."""

import json
import re
from pathlib import Path

APP = Path(__file__).parents[1] / "cronus_crm"
SOURCE = APP / "public" / "js" / "desk" / "empty_lists.js"

# DocTypes that nobody opens as a list: what the app writes for itself.
UNSEEN = frozenset(
	(
		*("Cronus Idempotent Request", "Cronus Import Journal", "Cronus Merge Entry"),
		*("Cronus Sales Entry", "Cronus Total", "Cronus Case Total", "Cronus Seat"),
		*("Cronus External Record", "Cronus Changed Record"),
		*("Cronus Solution Search", "Cronus Solution Use", "Cronus Solution Version"),
	)
)


def listed_doctypes() -> set[str]:
	found = set()
	for path in APP.glob("*/doctype/*/*.json"):
		described = json.loads(path.read_text())
		is_list = not described.get("istable") and not described.get("issingle")
		if described.get("doctype") == "DocType" and is_list:
			found.add(described["name"])
	return found


def test_each_list_has_a_sentence_of_its_own():
	block = SOURCE.read_text().split("const EMPTY = {", 1)[1].split("\n};", 1)[0]
	named = set(re.findall(r'^\t(?:"([^"]+)"|(\w+)): \[', block, re.MULTILINE))
	said = {first or second for first, second in named}
	assert said == listed_doctypes() - UNSEEN
