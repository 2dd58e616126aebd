"""The search of records: those that the user may see, found by the index (`search_index.py`).

The rule of visibility stands in the query, so that what a user does not see neither takes a place among the
results nor shows in their number.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import mul

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from pypika import Criterion
from pypika.queries import QueryBuilder
from pypika.terms import ValueWrapper

from cronus_crm.base.search_terms import MIN_INSIDE, TERM_LENGTH, Question, read_question
from cronus_crm.base.texts import read_text
from cronus_crm.visibility import inherited, ownership, rule
from cronus_crm.visibility.ownership import BySeller, ThroughLinks, ThroughRecord
from cronus_crm.visibility.record_holders import name_user
from cronus_crm.visibility.search_index import RECORDS, TERMS, SearchSource, hash_key, list_sources

# Of several words, the one that the fewest records have leads; more than so many are not counted.
_COUNTED = 1000

# A record may be found by several of its terms: so many times as many rows are read as records are wanted.
_SPARE = 4

# A way in which a text may be meant: the word by which the index is read, and those that a record has to
# have besides.
Way = tuple[str, tuple[str, ...]]

# By DocType, what :func:`_list_own_holders` says.
Holders = Mapping[str, list[int] | None]


def search_records(text: str, limit: int) -> list[dict]:
	"""The records that a text finds and that the session's user may see: a group for each DocType of which
	there are some.

	text: part of names, a telephone, a tax id, an e-mail address, the number of a document, or several of
	them. limit: the most records of one DocType.

	Returns groups with `doctype`, `label` and `records`, the best first: those that begin with what was asked
	for, then those in which it stands inside of a word. A record has `doctype`, `name`, `title`, `state` and
	`state_label`, `details` (texts), and `amount` with its `currency` where there is one.
	"""
	question = read_question(text)
	if not question:
		return []
	sources, groups = list_sources(), []
	size = limit * _SPARE
	found = _list_candidates(list(sources), question, size)
	for doctype, source in sources.items():
		rows = found.get(doctype)
		if not rows or not frappe.has_permission(doctype, "read"):
			continue
		records = _show(doctype, source, list(dict.fromkeys(rows)))[:limit]
		if len(records) < limit and len(rows) >= size:
			# The rule hides some of these candidates, and there are more.
			records = _show(doctype, source, find_names(doctype, question, limit))
		if records:
			groups.append({"doctype": doctype, "label": _(doctype), "records": records})
	return groups


def find_names(doctype: str, question: Question, limit: int) -> list[str]:
	"""Names of at most `limit` records that the session's user sees, the best first."""
	found: dict[str, None] = {}
	holders = {doctype: _list_own_holders(doctype, frappe.session.user)}
	for way in _list_ways(holders, question)[doctype]:
		for name in _read_names(_build_query(doctype, way, holders[doctype]), limit):
			found.setdefault(name)
		if len(found) >= limit:
			break
	return list(found)[:limit]


def _list_candidates(doctypes: Sequence[str], question: Question, limit: int) -> dict[str, list[str]]:
	"""Names of records that are found, by DocType, the best first; at most `limit` rows for each way. They
	are those of the user's holders; the rule is asked by :func:`_show`. One query for all DocTypes."""
	parts = []
	holders = {doctype: _list_own_holders(doctype, frappe.session.user) for doctype in doctypes}
	for doctype, ways in _list_ways(holders, question).items():
		for place, way in enumerate(ways):
			columns = (ValueWrapper(place).as_("place"), TERMS.inside, TERMS.term, TERMS.record)
			query = _select_way(doctype, way, holders[doctype]).select(*columns)
			parts.append(query.orderby(TERMS.inside, TERMS.term).limit(limit))
	found = _unite(parts).as_("found")
	rows = (
		frappe.qb.from_(found)
		.from_(RECORDS)
		.where(RECORDS.id == found.record)
		.select(RECORDS.doctype, RECORDS.name)
		.orderby(found.place, found.inside, found.term)
	).run()
	names: dict[str, list[str]] = {}
	for doctype, name in rows:
		names.setdefault(doctype, []).append(name)
	return names


def _read_names(query: QueryBuilder, limit: int) -> Iterator[str]:
	"""Different names from a query that has some of them several times."""
	seen: set[str] = set()
	offset, size = 0, limit * _SPARE
	while len(seen) < limit:
		rows = query.limit(size).offset(offset).run(pluck=True)
		for name in rows:
			if name not in seen:
				seen.add(name)
				yield name
		if len(rows) < size:
			return
		offset, size = offset + size, size * _SPARE


def _list_ways(holders: Holders, question: Question) -> dict[str, list[Way]]:
	"""The ways in which a question may be meant, the likeliest first, by DocType."""
	ways: dict[str, list[Way]] = {
		doctype: [(number, ()) for number in question.numbers] for doctype in holders
	}
	if question.words and question.words != question.numbers[:1]:
		for doctype, leading in _find_rarest(holders, question.words).items():
			others = (word for word in question.words if word != leading or len(word) > TERM_LENGTH)
			ways[doctype].append((leading, tuple(others)))
	return ways


def _find_rarest(holders: Holders, words: tuple[str, ...]) -> dict[str, str]:
	"""Of several words, the one that the fewest records of the holders have, by DocType."""
	if len(words) == 1:
		return dict.fromkeys(holders, words[0])
	counts = []
	for doctype, of_user in holders.items():
		for word in words:
			some = _select_way(doctype, (word, ()), of_user).select(TERMS.record).limit(_COUNTED).as_("some")
			columns = ValueWrapper(doctype), ValueWrapper(word), Count("*")
			counts.append(frappe.qb.from_(some).select(*columns))
	numbers = {(doctype, word): number for doctype, word, number in _unite(counts).run()}
	return {
		doctype: min(words, key=lambda word, doctype=doctype: (numbers[doctype, word], -len(word)))
		for doctype in holders
	}


def _unite(queries: Sequence[QueryBuilder]) -> QueryBuilder:
	"""All rows of all queries, of which each may have a limit of its own."""
	queries[0].wrap_set_operation_queries = True
	return reduce(mul, queries)


def _build_query(doctype: str, way: Way, holders: list[int] | None) -> QueryBuilder:
	"""The names of the records that are found and that the session's user sees."""
	target = DocType(doctype)
	query = _select_way(doctype, way, holders)
	if not way[1]:
		query = query.join(RECORDS).on(RECORDS.id == TERMS.record)
	query = (
		query.join(target)
		.on(target.name == RECORDS.name)
		.where(RECORDS.doctype == doctype)
		.select(RECORDS.name)
		.orderby(TERMS.inside, TERMS.term)
		# Terms are read in the order of their key, and no more of them than are asked for.
		.modifier("STRAIGHT_JOIN")
	)
	return rule.filter_visible(query, doctype, target) if ownership.is_governed(doctype) else query


def _select_way(doctype: str, way: Way, holders: list[int] | None) -> QueryBuilder:
	leading, others = way
	query = frappe.qb.from_(TERMS).where((TERMS.kind == hash_key(doctype)) & _begins_with(leading))
	if holders is not None:
		query = query.where(TERMS.holder.isin(holders))
	if others:
		query = query.join(RECORDS).on(RECORDS.id == TERMS.record).modifier("STRAIGHT_JOIN")
	for word in others:
		query = query.where(_has_word(word))
	return query


def _has_word(word: str) -> Criterion:
	"""That a record has a word, by the same rules as the index. Words have no signs of a pattern: an
	underscore is a space to them."""
	if len(word) >= MIN_INSIDE:
		return RECORDS.tokens.like(f"%{word}%")
	return RECORDS.tokens.regexp(f"[=+@#-]{word}")


def _begins_with(word: str) -> Criterion:
	inside = (0, 1) if len(word) >= MIN_INSIDE else (0,)
	return TERMS.inside.isin(inside) & TERMS.term.like(f"{word[:TERM_LENGTH]}%")


def _list_own_holders(doctype: str, user: str) -> list[int] | None:
	"""The holders whose records a user sees; None where holders do not narrow the search, because the user
	sees all records, or some that only the rule knows of."""
	match ownership.find_ownership(doctype):
		case ThroughRecord(doctype=target):
			return _list_own_holders(target, user)
		case ThroughLinks():
			if inherited.is_granted_by_other_roles(doctype, "read", user):
				return None
			# A contact may be linked to a record of any of them.
			direct = [name for name, owned in ownership.read_table().items() if isinstance(owned, BySeller)]
			if any(rule.sees_all(one, user) for one in direct):
				return None
		case BySeller():
			# Of what is served, a holder says nothing.
			if rule.sees_all(doctype, user) or rule.get_scope(doctype, user).teams is not None:
				return None
		case _:
			return None
	scope = rule.get_scope(doctype, user)
	return [hash_key(holder) for holder in (*scope.sellers, name_user(scope.user))]


def _show(doctype: str, source: SearchSource, names: list[str]) -> list[dict]:
	"""What is shown of records, in the order of their names. The framework leaves out fields that the user
	may not read, and records that User Permissions hide."""
	wanted = (source.title, source.state, *source.details, *(source.amounts or ()))
	with rule.few_by_name():
		rows = frappe.get_list(
			doctype,
			filters={"name": ("in", names)},
			fields=list(dict.fromkeys(["name", *filter(None, wanted)])),
			order_by="name asc",
			limit=len(names),
		)
	by_name = {row.name: row for row in rows}
	return [_describe(doctype, source, by_name[name]) for name in names if name in by_name]


def _describe(doctype: str, source: SearchSource, row: frappe._dict) -> dict:
	state = row.get(source.state) if source.state else None
	if source.state == "disabled":
		state = "Disabled" if state else None
	record = {
		"doctype": doctype,
		"name": row.name,
		"title": read_text(str(row.get(source.title) or row.name)),
		"state": state,
		"state_label": _(state, context=doctype) if state else None,
		"details": [read_text(str(row.get(field))) for field in source.details if row.get(field)],
	}
	if source.amounts and row.get(source.amounts[0]) is not None:
		record["amount"], record["currency"] = (row.get(field) for field in source.amounts)
	return record
