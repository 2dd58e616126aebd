import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_exchange.comparing.import_settings import choices_key
from cronus_crm.cronus_exchange.running import import_state, stored_rows

# Fields that only the server writes.
SERVER_FIELDS = (
	"file_name",
	"state",
	"task",
	"task_user",
	"rows_read",
	*import_state.COUNTS.values(),
	"rows_refused",
	"records_created",
	"records_updated",
	"records_to_undo",
	"records_undone",
	"records_not_undone",
	"next_line",
	"rows_total",
	"rows_done",
	"rows_at_start",
	"undo_before",
	"started_on",
	"heartbeat_on",
	"ended_on",
	"stop_requested",
	"choices_key",
	"error",
)

# States in which a dry run, or a part of one, is kept.
_WITH_DRY_RUN = ("Dry run made", "Stopped", "Failed")

# States in which something has been written, so that choices and file stay as they were.
_WRITTEN = ("Done", "Undone")


class CronusCustomerImport(Document):
	# True while the server reads the file and sets choices; an attribute because `save` takes no arguments.
	_reading: bool = False

	def validate(self):
		restore_server_fields(self, SERVER_FIELDS)
		self.set_file_name()
		self.refuse_change_while_working()
		self.refuse_other_columns()
		self.forget_dry_run()

	def refuse_other_columns(self):
		"""Raises frappe.ValidationError for a row of the columns that is added, removed or moved: they are
		those of the file."""
		before = self.get_doc_before_save()
		if self._reading:
			return
		stored = [column.heading for column in before.columns] if before else []
		if [column.heading for column in self.columns] != stored:
			frappe.throw(
				_("The columns are those of the file. Leave the field empty of one that you do not want.")
			)

	def set_file_name(self):
		before = self.get_doc_before_save()
		if not before or before.file != self.file:
			name = self.file and frappe.db.get_value("File", {"file_url": self.file}, "file_name")
			self.file_name = (name or "")[:140]
			if before:
				self.state = "Draft"

	def refuse_change_while_working(self):
		"""Raises frappe.ValidationError for a change of choices while somebody works on the import, and once
		it has written something."""
		before = self.get_doc_before_save()
		if not before or choices_key(before) == choices_key(self):
			return
		if before.state in import_state.WORKING:
			frappe.throw(_("The import is at work. Stop it before you change what it does."))
		if before.state in _WRITTEN or before.records_created or before.records_updated:
			frappe.throw(
				_("This import has written records, so its choices stay. Make a new one for another file."),
				title=_("Imported already"),
			)

	def forget_dry_run(self):
		"""A dry run holds for the choices with which it was made."""
		if self._reading:
			self.state = "File read"
		elif self.state in _WITH_DRY_RUN and self.choices_key != choices_key(self):
			self.state = "File read"

	def save_choices(self):
		"""Saves choices that the server has set from the file."""
		self._reading = True
		try:
			self.save()
		finally:
			self._reading = False

	def on_trash(self):
		if self.state in import_state.WORKING:
			frappe.throw(_("The import is at work. Stop it before you delete it."))
		kept = [
			stored_rows.delete_batch(self.name, doctype) for doctype in (stored_rows.ROW, stored_rows.JOURNAL)
		]
		if stored_rows.DELETED_AT_ONCE in kept:
			frappe.enqueue(stored_rows.delete_left_behind, queue="long", enqueue_after_commit=True)
