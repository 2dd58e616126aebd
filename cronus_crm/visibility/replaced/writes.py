"""Steps of the framework that write a document, with what `document_checks.py` asks before them."""

import frappe

from cronus_crm.base import kanban
from cronus_crm.visibility import document_checks, ownership, rule
from cronus_crm.visibility.replaced.replacement import Call, replaces

_DOCUMENT = "frappe.model.document.Document"
_KANBAN = "frappe.desk.doctype.kanban_board.kanban_board"


@replaces(f"{_DOCUMENT}._set_defaults")
def set_defaults(call: Call):
	"""The first step of insert and save: nothing has read a value before. Open in 15 and 16: what is no
	number is stored as 0, and what is no date ends in an error of the database."""
	document_checks.check_values(call["self"])
	return call()


@replaces(f"{_DOCUMENT}._validate_links")
def validate_links(call: Call):
	"""The first step of insert, save, submit, update after submit and cancel that knows the stored document.

	Open in 15 and 16: links are found to exist, and nobody asks whether the author may read what they point
	at; a document is cancelled without any event that could ask; a row is taken from the document that it
	belongs to; a text that is valid JSON keeps its scripts; a public file is shown as a page of the site.
	"""
	doc = call["self"]
	document_checks.check_rows(doc)
	rule.check_links(doc)
	document_checks.check_unchanged(doc)
	document_checks.check_series(doc)
	document_checks.sanitise_text(doc)
	document_checks.keep_active_files_private(doc)
	return call()


@replaces(f"{_DOCUMENT}.rename")
def rename(call: Call):
	"""Renames a document, for those who may write it. Open in 15 and 16: `run_doc_method` asks for the right
	to read, and whoever calls says that nothing shall be asked (`validate_rename=0`, `force=1`)."""
	doc = call["self"]
	if not doc.flags.ignore_permissions:
		doc.check_permission("write")
		call["validate_rename"], call["force"] = True, False
	return call()


@replaces("frappe.utils.nestedset.rebuild_tree")
def rebuild_tree(call: Call):
	"""Numbers the rows of a tree anew. Open in 15 and 16: its question who asks compares the name of the
	method with another form of it, so that anybody may.

	Raises frappe.PermissionError without the right to write the DocType.
	"""
	frappe.has_permission(call.text("doctype"), "write", throw=True)
	return call()


def _is_governed_board(board) -> bool:
	board.check_permission("read")
	return ownership.is_governed(board.reference_doctype)


@replaces(f"{_KANBAN}.update_order", f"{_KANBAN}.add_card")
def skip_card_order(call: Call):
	"""A board was opened, or a card made. Open in 15 and 16: the names of the cards of whoever looks are
	written into the board, which everybody reads; of our DocTypes, nothing is written."""
	board = frappe.get_doc("Kanban Board", call.text("board_name"))
	if not _is_governed_board(board):
		return call()
	return (board, []) if "order" in call else board


@replaces(f"{_KANBAN}.update_order_for_single_card")
def move_card(call: Call):
	"""A card was dragged. Open in 15 and 16: the right to write is asked of the DocType; of ours, of the
	document, which saves itself with all that a move brings with it.

	Raises what saving raises, and frappe.ValidationError when somebody has moved the card meanwhile.
	"""
	board = frappe.get_doc("Kanban Board", call.text("board_name"))
	if not _is_governed_board(board):
		return call()
	before, after = call.text("from_colname"), call.text("to_colname")
	if before != after:
		kanban.move_card(board.reference_doctype, call.text("docname"), board.field_name, before, after)
	return board
