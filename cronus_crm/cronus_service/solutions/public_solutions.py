"""Public solutions, as everybody reads them: on the page of solutions, without an account.

Whatever is served here asks first whether the solution is public *now*. Its pictures are private files, which
the framework shows to nobody without an account; they are served by an address that asks the same. So a
solution that is taken back takes its pictures with it.
"""

import re
from pathlib import Path
from urllib.parse import quote

import frappe
from frappe import _
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count
from frappe.utils import cint, format_date
from pypika import Case, Order

from cronus_crm.base.search_terms import split_words
from cronus_crm.cronus_service.outside_texts import list_paths, render_outside
from cronus_crm.cronus_service.solutions import missing_answers, solution_search
from cronus_crm.cronus_service.solutions.solution_search import PUBLIC, SOLUTION

PAGE_ROUTE = "solutions"
_FILE_ADDRESS = "/api/method/cronus_crm.api.solutions.open_file"
_ROWS = 20
# What a browser draws and does not run; everything else is downloaded.
_DRAWN = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_NAME = re.compile(r"SL-\d+", re.IGNORECASE)
_WORDS_IN_ADDRESS = 8


def get_address(row: dict) -> str:
	"""The path of a solution's page, which also says what it is about. row: with `name` and `question`."""
	words = "-".join(split_words(row.get("question"))[:_WORDS_IN_ADDRESS])
	name = row.get("name").lower()
	return f"/{PAGE_ROUTE}/{quote(f'{name}-{words}' if words else name)}"


def read_page(path: str) -> dict | None:
	"""What the page of a solution shows: `name`, `question`, `answer` (safe HTML), `category`, `language`,
	`products` (names), `updated_on` (as its reader writes dates) and `address`. None for a solution that is
	not public, or not there.

	path: the part of the address behind the page of solutions.
	"""
	found = _NAME.match(path or "")
	name = found and find_public(found[0].upper())
	if not name:
		return None
	doc = frappe.get_doc(SOLUTION, name)
	return {
		**{field: doc.get(field) for field in ("name", "question", "category", "language")},
		"updated_on": format_date(doc.modified),
		"answer": render_answer(doc),
		"products": _list_products(doc),
		"address": get_address(doc),
	}


def find_public(name: str) -> str | None:
	"""The name of a public solution, as the database says now; None for any other."""
	return frappe.db.get_value(SOLUTION, {"name": name, "state": PUBLIC})


def _list_products(doc) -> list[str]:
	names = [row.product for row in doc.products]
	products = {"name": ("in", names or [""]), "disabled": 0}
	return frappe.get_all("Cronus Product", products, pluck="product_name", order_by="product_name asc")


def list_page(text: str = "", category: str = "", page: int = 1) -> dict:
	"""What the page of solutions shows: `solutions` (those that a text finds, else those of a category or
	all, by pages), `categories` with how many, `pages`, and `is_near` where no solution has all words of the
	text.

	A text that finds nothing is noted for the report. Solutions in the language of the reader come first.
	"""
	text, category = " ".join(str(text or "").split())[:140], str(category or "")[:140]
	answer = {"text": text, "category": category, "categories": _count_categories(), "page": 1, "pages": 1}
	if text:
		found, is_near = _search(text)
		return {**answer, "solutions": _with_addresses(found), "is_near": is_near}
	number = _count(category)
	pages = max(1, -(-number // _ROWS))
	page = min(max(1, cint(page)), pages)
	rows = _list(category, page)
	return {**answer, "solutions": _with_addresses(rows), "page": page, "pages": pages, "is_near": False}


def _search(text: str) -> tuple[list[dict], bool]:
	if found := solution_search.find_public(text):
		return found, False
	missing_answers.note(text, missing_answers.PAGE)
	return solution_search.find_public(text, all_words=False, limit=_ROWS), True


def _with_addresses(rows: list[dict]) -> list[dict]:
	return [{**row, "address": get_address(row)} for row in rows]


def _count_categories() -> list[dict]:
	solution = DocType(SOLUTION)
	query = frappe.qb.from_(solution).select(solution.category, Count("*").as_("number"))
	rows = query.where(solution.state == PUBLIC).groupby(solution.category).run(as_dict=True)
	named = [{**row, "label": _(row.category)} for row in rows if row.category]
	return sorted(named, key=lambda row: split_words(row["label"]))


def _select(category: str):
	solution = DocType(SOLUTION)
	query = frappe.qb.from_(solution).where(solution.state == PUBLIC)
	return solution, query.where(solution.category == category) if category else query


def _count(category: str) -> int:
	_solution, query = _select(category)
	return query.select(Count("*")).run()[0][0]


def _list(category: str, page: int) -> list[dict]:
	solution, query = _select(category)
	is_readers = Case().when(solution.language == frappe.local.lang, 1).else_(0)
	rows = (
		query.select(solution.name, solution.question, solution.answer, solution.category, solution.language)
		.orderby(is_readers, order=Order.desc)
		.orderby(solution.times_helpful, order=Order.desc)
		.orderby(solution.times_used, order=Order.desc)
		.orderby(solution.question)
		.limit(_ROWS)
		.offset((page - 1) * _ROWS)
	).run(as_dict=True)
	return [solution_search.describe(row) for row in rows]


# Pictures and other files that stand in an answer


def render_answer(doc) -> str:
	"""The answer as HTML that runs nothing and names no file of the site but its own."""
	address = f"{_FILE_ADDRESS}?solution={quote(doc.name)}&file="
	return render_outside(doc.answer, list_own_files(doc), lambda file: address + quote(file))


def list_own_files(doc) -> dict[str, str]:
	"""The private files of a solution: names by path."""
	files = {"attached_to_doctype": SOLUTION, "attached_to_name": doc.name, "is_private": 1}
	rows = frappe.get_all("File", files, ["file_url", "name"], order_by="creation asc")
	return {row.file_url: row.name for row in rows}


def open_file(solution: str, file: str) -> None:
	"""Sets the response to a file that stands in the answer of a public solution.

	Raises frappe.DoesNotExistError for any other, whatever the reason: it tells nobody what there is.
	"""
	name = find_public(solution)
	doc = frappe.get_doc(SOLUTION, name) if name else None
	path = _find_path_of_file(doc, file) if doc else None
	if not path:
		raise frappe.DoesNotExistError(_("This file is not there any more."))
	drawn = path.suffix.lower() in _DRAWN
	frappe.local.response.update(
		{
			"type": "download",
			"filename": path.name,
			"filecontent": path.read_bytes(),
			"display_content_as": "inline" if drawn else "attachment",
		}
	)


def _find_path_of_file(doc, file: str) -> Path | None:
	own = {name: url for url, name in list_own_files(doc).items()}
	if file not in own or own[file] not in list_paths(doc.answer):
		return None
	path = Path(frappe.get_doc("File", file).get_full_path())
	return path if path.is_file() else None
