"""The framework's query builders, without SQL injection by names of fields, orders and groups.

Open in 15: the *name* of a filter's field is inserted into the statement unchanged if it contains "ifnull(",
and with its quotes otherwise; fields and orders are only checked against a list of forbidden words. 16 parses
them, except in the old query builder, which it keeps. Here an allow list decides: columns, a few functions of
columns, and sums of them. Which columns a user may read remains the framework's check.
"""

import re

import frappe
from frappe import _

from cronus_crm.base import text_folding
from cronus_crm.visibility import ownership, rule
from cronus_crm.visibility.replaced.replacement import Call, refuse_unreadable, replaces

_QUERY = "frappe.model.db_query.DatabaseQuery"
_ENGINE = "frappe.database.query.Engine"

_COLUMN = r"(?:`?tab[^`'\"\\()]+`?\.)?`?\w+`?"
_VALUE = r"(?:\d+|'[\w :-]*'|\"[\w :-]*\")"
# The field of a filter: a column, or the expressions of the framework and ERPNext for a column that may be
# null.
_FILTER_FIELD = re.compile(rf"{_COLUMN}|(?:ifnull|coalesce)\(\s*{_COLUMN}\s*,\s*{_VALUE}\s*\)", re.IGNORECASE)
# The field of a filter in `frappe.db.get_value`: a column of the DocType, of a linked record, or of a table.
_ENGINE_FIELD = re.compile(r"[\w-]+(?:\.[\w-]+)?|`?tab[^`'\"\\()]+`?\.`?\w+`?")
_DOCTYPE = re.compile(r"[^`'\"\\;]+")

_FUNCTIONS = frozenset(
	{
		*("abs", "avg", "coalesce", "count", "date", "date_format", "day", "dayofyear", "ifnull", "locate"),
		*(
			"lower",
			"max",
			"min",
			"month",
			"nullif",
			"round",
			"sum",
			"timestamp",
			"unix_timestamp",
			"upper",
			"year",
		),
	}
)
_OPERAND_SUFFIXES = frozenset({"as", "asc", "desc", "nulls", "first", "last"})
_FORBIDDEN = frozenset(
	{
		*("alter", "call", "case", "create", "delete", "drop", "else", "end", "except", "exists", "from"),
		*("having", "insert", "intersect", "into", "join", "limit", "or", "procedure", "replace", "select"),
		*("show", "table", "then", "union", "update", "values", "when", "where", "xor"),
	}
)
_TOKEN = re.compile(
	r"""\s*(?:
		(?P<word>[^\W\d]\w*) | (?P<number>\d+(?:\.\d+)?) | (?P<quoted>`[^`]+`)
		| (?P<text>'(?:[^'\\]|\\.|'')*' | "[^"\\]*") | (?P<sign>[.,()*/+-])
	)""",
	re.VERBOSE,
)


def is_harmless_expression(expression: str) -> bool:
	"""True for the expression of a field, an order or a group that consists of columns, strings, numbers,
	arithmetic of these and functions without side effects, with an optional alias or direction.

	It reads the expression token by token and refuses everything that it does not know.
	"""
	position, before, names = 0, "", ""
	while position < len(expression.rstrip()):
		if not (token := _TOKEN.match(expression, position)):
			return False
		position = token.end()
		kind, value = token.lastgroup, token[token.lastgroup].lower()
		follows_operand = before in ("word", "number", "quoted", "text", ")")
		if kind == "sign":
			if value == "(" and (
				before in ("quoted", "number", "text", ")") or _is_unknown_function(before, names)
			):
				return False
			# "--" and "/*" begin a comment. No legitimate expression has two of these signs in a row.
			if value in "*/+-" and before in ("*", "/", "+", "-"):
				return False
			before, names = value, ""
			continue
		if kind == "word" and value in _FORBIDDEN and before != ".":
			return False
		if kind == "word" and value in (*_OPERAND_SUFFIXES, "distinct") and before != ".":
			# After a keyword follows an operand, or nothing.
			before, names = "keyword", ""
			continue
		if follows_operand:
			return False
		before, names = kind, value
	return True


def _is_unknown_function(before: str, name: str) -> bool:
	return before == "word" and name not in _FUNCTIONS


def _refuse_name(what: str) -> None:
	frappe.throw(
		_("{0} is not the name of a field.").format(frappe.bold(frappe.utils.escape_html(what[:140]))),
		frappe.ValidationError,
		title=_("Cannot be asked for"),
	)


@replaces(f"{_QUERY}.prepare_filter_condition")
def prepare_filter_condition(call: Call) -> str:
	"""The condition of one filter of a list, also for `get_filters_cond`.

	Open in 15 and, in the old query builder, 16: SQL in the place of a field name. Held closed by way “SQL in
	the name of a filter”.

	Raises frappe.ValidationError for a field name that is none.
	"""
	condition = call.one_of("f", "ft")
	if isinstance(condition, dict):
		names = list(condition)
	elif isinstance(condition, list | tuple) and len(condition) >= 2:
		if len(condition) > 3 and condition[0] and not _DOCTYPE.fullmatch(str(condition[0])):
			_refuse_name(str(condition[0]))
		names = [condition[1] if len(condition) > 3 else condition[0]]
	else:
		# Neither a list nor a mapping: the framework raises its own error.
		names = []
	for name in names:
		if not isinstance(name, str) or not _FILTER_FIELD.fullmatch(name.strip()):
			_refuse_name(str(name))
	if isinstance(condition, list | tuple) and len(condition) in (3, 4):
		*before, operator, value = condition
		if _is_search(call["self"].doctype, operator, value):
			folded = [*before, operator, text_folding.fold_apostrophes(value)]
			call["f" if "f" in call else "ft"] = folded
	return call()


def _is_search(doctype: str | None, operator, value) -> bool:
	"""True for a pattern of LIKE in a DocType of ours, which is found with any kind of apostrophe."""
	if not isinstance(value, str) or str(operator).lower() not in ("like", "not like"):
		return False
	return isinstance(doctype, str) and (doctype.startswith("Cronus ") or ownership.is_governed(doctype))


@replaces(f"{_QUERY}.parse_args")
def parse_args(call: Call) -> None:
	"""Parses the arguments of a list; afterwards its fields, order and groups are checked.

	Open in 15 and, in the old query builder, 16: SQL functions and subqueries in their place. Held closed by
	way “SQL in the place of a field, an order and a group”, and by tests/visibility/test_leaks.py:
	test_sql_in_the_place_of_a_field_is_refused. Queries with `ignore_permissions` are not checked: their
	arguments come from code and not from a client.

	Raises frappe.ValidationError for an expression that is not allowed.
	"""
	query = call["self"]
	if query.flags.ignore_permissions:
		call()
		return
	with refuse_unreadable():
		call()
	expressions = [*query.fields, query.order_by, query.group_by]
	for expression in expressions:
		if isinstance(expression, str) and not is_harmless_expression(expression):
			_refuse_name(expression)


def check_field_name(name: str) -> None:
	"""Raises frappe.ValidationError for a text that cannot be the name of a field."""
	if not re.fullmatch(r"\w+", name):
		_refuse_name(name)


@replaces(f"{_ENGINE}._apply_filter")
def apply_filter(call: Call):
	"""A filter of `frappe.db.get_value` and similar functions.

	Open in 15: the name of its field is put between quotes without escaping. Held closed by way “SQL in the
	name of a filter”.

	Raises frappe.ValidationError for the name of a field or a DocType that is none.
	"""
	if isinstance(call["field"], str) and not _ENGINE_FIELD.fullmatch(call["field"]):
		_refuse_name(call["field"])
	if isinstance(call["doctype"], str) and not _DOCTYPE.fullmatch(call["doctype"]):
		_refuse_name(call["doctype"])
	if _is_search(call["self"].doctype, call["operator"], call["value"]):
		call["value"] = text_folding.fold_apostrophes(call["value"])
	return call()


@replaces(f"{_QUERY}.prepare_args")
def prepare_args(call: Call):
	"""The parts of the statement of a list. The table of a link is joined with its visible rows only.

	Open in 15: it is joined without permission conditions, so a document of one's own shows all fields of a
	customer that has moved to another team. Held closed by way “fields of linked documents in a list”, and by
	tests/visibility/test_leaks.py: test_a_customer_that_moved_is_not_told_by_old_documents.
	"""
	query = call["self"]
	if query.flags.ignore_permissions:
		return call()
	with refuse_unreadable():
		parts = call()
	for link in query.link_tables:
		if criterion := rule.sql_condition_if_governed(query.user, link.doctype):
			joined = f"{link.table_name} {link.table_alias} on"
			seen = f"(select * from {link.table_name} where {criterion}) {link.table_alias} on"
			parts.tables = parts.tables.replace(joined, seen)
	return parts


@replaces("frappe.database.query.LinkTableField.apply_join")
def apply_join(call: Call):
	"""Joins the table of a link (16), with its visible rows only.

	In 16 until the summer of 2026: the permission condition of the linked DocType does not match the alias of
	its table, which is an SQL error, and rows without a link are lost. This does what the framework has done
	since then. Held closed by the test and the way of `prepare_args`.
	"""
	engine = call["engine"] if "engine" in call else None
	field, query = call["self"], call["query"]
	if (
		not getattr(engine, "apply_permissions", False)
		or hasattr(engine, "get_link_table_alias")
		or query.is_joined(field.table)
	):
		return call()
	own = frappe.qb.DocType(field.doctype)
	joined = field.table.name == frappe.qb.DocType(field.parent_doctype)[field.link_fieldname]
	if criterion := engine.get_permission_conditions(field.doctype, own):
		joined &= field.table.name.isin(frappe.qb.from_(own).select(own.name).where(criterion))
	return query.left_join(field.table).on(joined)
