"""Steps in which the framework writes a document, with the checks of `document_checks.py` before them."""

import frappe
from frappe.core.doctype.data_import import importer
from frappe.query_builder import DocType

from cronus_crm.base import kanban
from cronus_crm.base.framework_state import start_new_snapshot
from cronus_crm.visibility import document_checks, link_checks, ownership
from cronus_crm.visibility.replaced.replacement import Call, replaces

_DOCUMENT = "frappe.model.document.Document"
_KANBAN = "frappe.desk.doctype.kanban_board.kanban_board"


@replaces(f"{_DOCUMENT}._set_defaults")
def set_defaults(call: Call):
	"""The first step of insert and save, before any code has read a value.

	Open in 15 and 16: an invalid number is stored as 0, and an invalid date ends in an error of the database.
	Held closed by cronus_crm/visibility/test_document_checks.py:
	test_what_is_no_number_is_refused_with_its_field_and_value and the tests after it.

	Raises frappe.ValidationError.
	"""
	document_checks.check_values(call["self"])
	return call()


@replaces("frappe.core.doctype.data_import.importer.Row.validate_value")
def check_imported_value(call: Call):
	"""The step in which Data Import looks at a cell, before it makes a value of it.

	Open in 15 and 16: of 12,50 it makes 1250, and of 31-12-10 a day by the form that it guesses. Held closed
	by tests/test_import_of_values.py.

	Gives back None for a cell that is refused; the warning stands in the preview, and nothing is imported.
	"""
	row, column, value = call["self"], call["col"], call["value"]
	if fault := document_checks.check_imported_value(column.df, value):
		row.warnings.append(
			{
				"row": row.row_number,
				"col": column.column_number,
				"field": importer.df_as_json(column.df),
				"message": fault,
			}
		)
		return None
	return call()


@replaces(f"{_DOCUMENT}._validate_links")
def validate_links(call: Call):
	"""The first step of insert, save, submit, update after submit and cancel that has the stored document.

	Open in 15 and 16, and held closed by:

	* links to documents that the user may not see: attacks “linking from …”, “cancelling with a foreign …”;
	* rows taken from other documents: attacks “a row of somebody else's document”, “the mail of somebody
	  else's contact”;
	* changed values in a cancellation, foreign naming series, scripts in texts that are valid JSON,
	  public files with scripts: cronus_crm/visibility/test_document_checks.py.

	Raises frappe.PermissionError, frappe.ValidationError or frappe.UpdateAfterSubmitError, naming the field.
	"""
	doc = call["self"]
	document_checks.check_rows(doc)
	link_checks.check_links(doc)
	document_checks.check_unchanged(doc)
	document_checks.check_series(doc)
	document_checks.sanitise_text(doc)
	document_checks.keep_active_files_private(doc)
	return call()


@replaces(f"{_DOCUMENT}.rename")
def rename(call: Call):
	"""Renames a document, for users who may write it.

	Open in 15 and 16: `run_doc_method` checks the right to read only, and the caller can switch off all
	further checks (`validate_rename=0`, `force=1`). Held closed by attack “renaming what one may only read”.

	Raises frappe.PermissionError.
	"""
	doc = call["self"]
	if not doc.flags.ignore_permissions:
		doc.check_permission("write")
		call["validate_rename"], call["force"] = True, False
	return call()


@replaces("frappe.model.delete_doc.update_naming_series")
def keep_used_numbers(call: Call):
	"""Decrements the counter of a naming series when the last document of the series is deleted, so that the
	next document gets the same number. In 15 and 16; no hole, but the entry in the ledger, alerts and
	whatever else refers to a document of ours by its name would be taken for the new one's.

	Of our DocTypes only a draft of a submittable document gives its number back. The framework's Deleted
	Document explains the gap. Test: tests/test_numbers_stay_used.py.
	"""
	doc = call["doc"]
	is_draft = doc.meta.is_submittable and doc.docstatus == 0
	if document_checks.is_ours(doc.doctype) and not is_draft:
		return None
	return call()


@replaces("frappe.utils.nestedset.rebuild_tree")
def rebuild_tree(call: Call):
	"""Renumbers the nodes of a tree.

	Open in 15 and 16: its own check compares two different forms of the name of the method and never applies,
	so any user could renumber any tree. It locks nothing either, and two at once leave the numbers wrong.
	Held closed by attack “numbering a tree anew”, and by tests/test_requests_at_once.py:
	test_a_tree_that_many_renumber_at_once_stays_a_tree.

	Raises frappe.PermissionError without the right to write the DocType.
	"""
	doctype = call.text("doctype")
	frappe.has_permission(doctype, "write", throw=True)
	# What is read after the lock is the tree as it is by then.
	if not frappe.db.transaction_writes:
		start_new_snapshot()
	table = DocType(doctype)
	frappe.qb.from_(table).select(table.name).orderby(table.name).for_update().run()
	return call()


def _is_governed_board(board) -> bool:
	"""True for a board of a governed DocType. Raises frappe.PermissionError without the right to read the
	board."""
	board.check_permission("read")
	return ownership.is_governed(board.reference_doctype)


@replaces(f"{_KANBAN}.update_order", f"{_KANBAN}.add_card")
def skip_card_order(call: Call):
	"""Stores the order of cards when a board is opened or a card is added. For governed DocTypes nothing is
	stored.

	Open in 15 and 16: the names of the cards that one user sees are stored in the board, which every user
	reads. Held closed by cronus_crm/cronus_crm/opportunities/test_opportunity_board.py:
	test_no_board_of_ours_keeps_names_of_opportunities, test_opening_the_board_writes_nothing.
	"""
	board = frappe.get_doc("Kanban Board", call.text("board_name"))
	if not _is_governed_board(board):
		return call()
	return (board, []) if "order" in call else board


@replaces(f"{_KANBAN}.update_order_for_single_card")
def move_card(call: Call):
	"""Moves a card. For governed DocTypes the document is saved, with all checks.

	Open in 15 and 16: only the right to write the DocType is checked, not the document. Held closed by
	cronus_crm/cronus_crm/opportunities/test_opportunity_board.py: test_nobody_drags_the_card_of_another,
	test_a_card_that_was_moved_meanwhile_stays_there.

	Raises what saving the document raises, and frappe.ValidationError when the card has been moved meanwhile.
	"""
	board = frappe.get_doc("Kanban Board", call.text("board_name"))
	if not _is_governed_board(board):
		return call()
	before, after = call.text("from_colname"), call.text("to_colname")
	if before != after:
		kanban.move_card(board.reference_doctype, call.text("docname"), board.field_name, before, after)
	return board
