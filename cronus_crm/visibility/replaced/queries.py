"""The framework's queries: what a request says is a name or a value, and never SQL.

Open in 15: the *name* of a filter's field goes into the statement as it came where it holds "ifnull(", and
with its quotes elsewhere; fields and orders pass a list of what is forbidden. 16 parses them, but for the old
query that it keeps. Here they have to be of a shape that is known to be harmless: columns, a few functions of
columns, sums of them. Nothing is asked of who may read a column; that stays the framework's question.
"""

import re

import frappe
from frappe import _

from cronus_crm.visibility import rule
from cronus_crm.visibility.replaced.replacement import Call, replaces

_QUERY = "frappe.model.db_query.DatabaseQuery"
_ENGINE = "frappe.database.query.Engine"

_COLUMN = r"(?:`?tab[^`'\"\\()]+`?\.)?`?\w+`?"
_VALUE = r"(?:\d+|'[\w :-]*'|\"[\w :-]*\")"
# A column, or what the framework and ERPNext write for a column that may be empty.
_FILTER_FIELD = re.compile(rf"{_COLUMN}|(?:ifnull|coalesce)\(\s*{_COLUMN}\s*,\s*{_VALUE}\s*\)", re.IGNORECASE)
# A column of the DocType, of a linked record, or of a row of a table.
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
	"""True for a field, an order or a grouping that is made of columns, texts, numbers, sums and differences
	of them, and functions that only compute; with an alias or a direction."""
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
			# Two of them begin a comment, and nothing that is asked for has two signs in a row.
			if value in "*/+-" and before in ("*", "/", "+", "-"):
				return False
			before, names = value, ""
			continue
		if kind == "word" and value in _FORBIDDEN and before != ".":
			return False
		if kind == "word" and value in (*_OPERAND_SUFFIXES, "distinct") and before != ".":
			# What follows is an operand again, or nothing.
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
	"""One filter of a list, also where the framework makes only its condition (`get_filters_cond`).

	Raises frappe.ValidationError for a field that is none.
	"""
	condition = call.one_of("f", "ft")
	if isinstance(condition, dict):
		names = list(condition)
	elif isinstance(condition, list | tuple) and len(condition) >= 2:
		if len(condition) > 3 and condition[0] and not _DOCTYPE.fullmatch(str(condition[0])):
			_refuse_name(str(condition[0]))
		names = [condition[1] if len(condition) > 3 else condition[0]]
	else:
		# Neither a pair nor a mapping: the framework says what is wrong with it.
		names = []
	for name in names:
		if not isinstance(name, str) or not _FILTER_FIELD.fullmatch(name.strip()):
			_refuse_name(str(name))
	return call()


@replaces(f"{_QUERY}.parse_args")
def parse_args(call: Call) -> None:
	"""What a list is asked for, in the framework's own form: its fields, its order and its groups are
	checked.

	Raises frappe.ValidationError. Those of a query without permissions are written by programmers, and may be
	anything that the framework allows.
	"""
	call()
	query = call["self"]
	if query.flags.ignore_permissions:
		return
	asked = [*query.fields, query.order_by, query.group_by]
	for expression in asked:
		if isinstance(expression, str) and not is_harmless_expression(expression):
			_refuse_name(expression)


def check_field_name(name: str) -> None:
	"""Raises frappe.ValidationError for the name of a field that is none."""
	if not re.fullmatch(r"\w+", name):
		_refuse_name(name)


@replaces(f"{_ENGINE}._apply_filter")
def apply_filter(call: Call):
	"""A filter of `frappe.db.get_value` and its like, whose field is put between quotes as it comes (15)."""
	if isinstance(call["field"], str) and not _ENGINE_FIELD.fullmatch(call["field"]):
		_refuse_name(call["field"])
	if isinstance(call["doctype"], str) and not _DOCTYPE.fullmatch(call["doctype"]):
		_refuse_name(call["doctype"])
	return call()


@replaces(f"{_QUERY}.prepare_args")
def prepare_args(call: Call):
	"""The parts of a list's statement. Open in 15: the table of a link is joined without its conditions, so
	that one's own documents tell every field of a customer that has moved to another team. Joined here is
	what the user may see of it."""
	query = call["self"]
	parts = call()
	if query.flags.ignore_permissions:
		return parts
	for link in query.link_tables:
		if criterion := rule.sql_condition_if_governed(query.user, link.doctype):
			joined = f"{link.table_name} {link.table_alias} on"
			seen = f"(select * from {link.table_name} where {criterion}) {link.table_alias} on"
			parts.tables = parts.tables.replace(joined, seen)
	return parts


@replaces("frappe.database.query.LinkTableField.apply_join")
def apply_join(call: Call):
	"""The table of a link, in 16. Until the summer of 2026 the framework puts the condition of the linked
	DocType beside an alias of its table, which is an error, and hides rows without a link. Joined here is
	what the user may see of it, as the framework has it since."""
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
