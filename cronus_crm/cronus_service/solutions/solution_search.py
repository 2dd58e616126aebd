"""Finds the solutions that answer a question, the best first."""

import frappe
from frappe.query_builder import DocType
from pypika import Criterion, Order, Table
from pypika.functions import Function
from pypika.queries import QueryBuilder
from pypika.terms import Case, Term

from cronus_crm.base.texts import strip_tags
from cronus_crm.cronus_service.solutions import solution_words
from cronus_crm.visibility import rule

SOLUTION = "Cronus Solution"
PUBLIC = "Public"

# What is asked counts more than what is answered; a solution of the product that it is about more than
# others.
_QUESTION_WEIGHT, _PRODUCT_WEIGHT = 2, 2

_EXCERPT = 180  # characters
MOST = 50


class _Match(Function):
	"""MATCH (column) AGAINST (…): the framework's own puts signs of its own before the question."""

	def __init__(self, column: Term, question: str):
		super().__init__("MATCH", column)
		self.question = question

	def get_function_sql(self, **kwargs) -> str:
		# Of letters, digits, _, + and * alone: see solution_words.
		question = frappe.db.escape(self.question)
		return f"{super().get_function_sql(**kwargs)} AGAINST ({question} IN BOOLEAN MODE)"


def find_visible(
	*texts: str | None, product: str | None = None, all_words: bool = False, limit: int = 5
) -> list[dict]:
	"""Solutions that the session's user may see, by the words of texts or HTML; see :func:`_find`.

	Raises frappe.PermissionError for a user who may read no solutions.
	"""
	frappe.has_permission(SOLUTION, "read", throw=True)
	solution = DocType(SOLUTION)
	query = rule.filter_visible(frappe.qb.from_(solution), SOLUTION, solution)
	return _find(query, solution, solution_words.list_words(*texts), product, all_words, limit)


def find_public(*texts: str | None, all_words: bool = True, limit: int = MOST) -> list[dict]:
	"""Public solutions, for whoever asks; see :func:`_find`."""
	solution = DocType(SOLUTION)
	query = frappe.qb.from_(solution).where(solution.state == PUBLIC)
	return _find(query, solution, solution_words.list_words(*texts), None, all_words, limit)


def _find(
	query: QueryBuilder, solution: Table, words: list[str], product: str | None, all_words: bool, limit: int
) -> list[dict]:
	"""`name`, `question`, `excerpt`, `state`, `category`, `language`, `times_used` and `times_helpful` of at
	most `limit` solutions, the best first.

	query: of those that may be shown. product: solutions of it come first. all_words: each word has to be
	there.
	"""
	if not words:
		return []
	asked = solution_words.write_query(words, all_words)
	score = _Match(solution.search_question, asked) * _QUESTION_WEIGHT + _Match(solution.search_text, asked)
	if product:
		score = score * Case().when(_is_about(solution, product), _PRODUCT_WEIGHT).else_(1)
	rows = (
		query.where(_Match(solution.search_text, asked))
		.select(
			solution.name,
			solution.question,
			solution.answer,
			solution.state,
			solution.category,
			solution.language,
			solution.times_used,
			solution.times_helpful,
		)
		.orderby(score, order=Order.desc)
		.orderby(solution.times_helpful, order=Order.desc)
		.orderby(solution.name)
		.limit(min(limit, MOST))
	).run(as_dict=True)
	return [describe(row) for row in rows]


def _is_about(solution: Table, product: str) -> Criterion:
	row = DocType("Cronus Solution Product")
	about = frappe.qb.from_(row).select(row.parent)
	return solution.name.isin(about.where((row.parenttype == SOLUTION) & (row.product == product)))


def describe(row: dict) -> dict:
	"""A row with an `excerpt` in the place of its answer."""
	text = " ".join(strip_tags((row.pop("answer") or "").replace("<", " <")).split())
	row["excerpt"] = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rsplit(' ', 1)[0]}…"
	return row
