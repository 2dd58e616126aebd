"""Customers that are likely the same: pairs, with a score and the reasons for it.

Equal tax ids, telephones and e-mails are compared by their stored keys. Similar names are compared as imports
compare them, but only among customers that share a word that few others have: comparing all with all would
take hours for 50,000.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import frappe
from frappe import _
from rapidfuzz import fuzz

from cronus_crm.cronus_exchange.comparing.similar_records import MIN_SCORE, list_numbers, reduce_name
from cronus_crm.cronus_exchange.merging.moved_records import CUSTOMER

NOT_DOUBLE = "Cronus Not Double"

# The score of one equal value, in percent; with several equal values the highest counts.
SCORES = {"tax_key": 100, "email_key": 85, "phone_key": 80}

# A value or a word that more customers share says nothing: a switchboard, “Comercial”.
_MAX_SHARED = 30


class Pair(NamedTuple):
	"""Two customers, by name in their order. score: in percent. reasons: of tax_key, email_key, phone_key and
	customer_name."""

	first: str
	second: str
	score: int
	reasons: tuple[str, ...]


def find_pairs(customers: Sequence[frappe._dict]) -> list[Pair]:
	"""The likely doubles among customers, highest score first.

	customers: rows with name, customer_name, tax_key, email_key and phone_key.
	"""
	reasons: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
	for key, score in SCORES.items():
		for pair in _list_sharing(customers, lambda row, key=key: {row[key]} if row[key] else ()):
			reasons[pair][key] = score
	names = {row.name: reduce_name(row.customer_name or "") for row in customers}
	for first, second in _list_sharing(customers, lambda row: set(names[row.name].split())):
		if list_numbers(names[first]) != list_numbers(names[second]):
			continue
		score = fuzz.token_sort_ratio(names[first], names[second])
		if score >= MIN_SCORE:
			reasons[first, second]["customer_name"] = round(score)
	pairs = [Pair(*pair, max(of.values()), tuple(of)) for pair, of in reasons.items()]
	return sorted(pairs, key=lambda pair: (-pair.score, -len(pair.reasons), pair.first, pair.second))


def _list_sharing(customers: Sequence[frappe._dict], values) -> Iterator[tuple[str, str]]:
	"""Pairs of names that share a value which at most _MAX_SHARED customers have. values: of a row."""
	holders = defaultdict(list)
	for row in customers:
		for value in values(row):
			holders[value].append(row.name)
	seen = set()
	for names in holders.values():
		if len(names) <= _MAX_SHARED:
			for pair in combinations(sorted(names), 2):
				if pair not in seen:
					seen.add(pair)
					yield pair


def list_dismissed() -> set[tuple[str, str]]:
	"""The pairs of which somebody has said that they are not the same."""
	return set(frappe.get_all(NOT_DOUBLE, fields=["first", "second"], order_by="name asc", as_list=True))


def dismiss(first: str, second: str) -> None:
	"""Notes that two customers are not the same; once more changes nothing.

	Raises frappe.PermissionError without the right to write both.
	"""
	first, second = sorted((first, second))
	if first == second:
		frappe.throw(_("Choose two different customers."))
	for name in (first, second):
		frappe.get_doc(CUSTOMER, name).check_permission("write")
	if not frappe.db.exists(NOT_DOUBLE, {"first": first, "second": second}):
		frappe.get_doc({"doctype": NOT_DOUBLE, "first": first, "second": second}).insert(
			ignore_permissions=True  # who may write both customers may say so
		)
