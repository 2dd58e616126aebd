"""The search of records: those that the user may see, found by the index (`search_index.py`).

The rule of visibility stands in the query, so that what a user does not see neither takes a place among the
results nor shows in their number.
"""

from collections.abc import Iterator, Sequence

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
	for way in _list_ways([doctype], question):
		for name in _read_names(_build_query(doctype, way), limit):
			found.setdefault(name)
		if len(found) >= limit:
			break
	return list(found)[:limit]


def _list_candidates(doctypes: Sequence[str], question: Question, limit: int) -> dict[str, list[str]]:
	"""Names of records that are found, by DocType, the best first; at most `limit` rows for each way. They
	are those of the user's holders; the rule is asked by :func:`_show`. One query for all DocTypes."""
	parts = []
	holders = {doctype: _list_own_holders(doctype, frappe.session.user) for doctype in doctypes}
	for place, way in enumerate(_list_ways(doctypes, question)):
		columns = (ValueWrapper(place).as_("place"), TERMS.inside, TERMS.term, TERMS.record)
		for doctype in doctypes:
			query = _select_way(doctype, way, holders[doctype]).select(*columns)
			parts.append(query.orderby(TERMS.inside, TERMS.term).limit(limit))
	# Each has a limit of its own.
	parts[0].wrap_set_operation_queries = True
	union = parts[0]
	for part in parts[1:]:
		union = union * part
	found = union.as_("found")
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


def _list_ways(doctypes: Sequence[str], question: Question) -> list[Way]:
	"""The ways in which a question may be meant, the likeliest first."""
	ways: list[Way] = [(number, ()) for number in question.numbers]
	if question.words and question.words != question.numbers[:1]:
		leading = _find_rarest(doctypes, question.words)
		others = (word for word in question.words if word != leading or len(word) > TERM_LENGTH)
		ways.append((leading, tuple(others)))
	return ways


def _find_rarest(doctypes: Sequence[str], words: tuple[str, ...]) -> str:
	if len(words) == 1:
		return words[0]
	kinds = TERMS.kind.isin([hash_key(doctype) for doctype in doctypes])

	def count(word: str) -> int:
		some = frappe.qb.from_(TERMS).select(TERMS.record).where(kinds & _begins_with(word)).limit(_COUNTED)
		return frappe.qb.from_(some.as_("some")).select(Count("*")).run()[0][0]

	return min(words, key=lambda word: (count(word), -len(word)))


def _build_query(doctype: str, way: Way) -> QueryBuilder:
	"""The names of the records that are found and that the session's user sees."""
	target = DocType(doctype)
	query = _select_way(doctype, way, _list_own_holders(doctype, frappe.session.user))
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
