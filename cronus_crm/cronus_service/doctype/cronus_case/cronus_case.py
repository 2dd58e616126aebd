"""Cronus Case: what somebody asks of us, whom it is for, and how far it has come."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_present_doc, get_present_value
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_service.promises import case_promises

# Fields that only the server writes; values from a form or the API are ignored.
SERVER_FIELDS = (
	"opened_on",
	"last_from_them_on",
	"last_from_us_on",
	"waiting_since",
	"closed_on",
	"times_reopened",
	"merged_into",
	"split_from",
	"message_id",
	"raised_by",
	*case_promises.KEPT_FIELDS,
)

# Categories in which nothing is left to do.
OVER = ("Solved", "Closed", "Cancelled")


class CronusCase(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account_kind: DF.Literal["Customer", "Prospect", "Supplier", "Department"]
		account_name: DF.Data | None
		agent: DF.Link | None
		branch: DF.Link | None
		case_type: DF.Link | None
		category: DF.Literal[
			"New", "Open", "Waiting for them", "Waiting for us", "Solved", "Closed", "Cancelled"
		]
		cc: DF.SmallText | None
		channel: DF.Literal["E-mail", "Telephone", "Web form", "Portal", "WhatsApp", "By hand"]
		closed_on: DF.Datetime | None
		contact: DF.Link | None
		contact_email: DF.Data | None
		contact_name: DF.Data | None
		contact_phone: DF.Data | None
		customer: DF.Link | None
		description: DF.TextEditor | None
		ended_on: DF.Datetime | None
		first_answer_due: DF.Datetime | None
		first_answer_minutes: DF.Int
		first_answer_state: DF.Literal["", "Running", "Held", "Met", "Missed"]
		first_answer_taken: DF.Int
		first_answer_told: DF.Int
		first_answered_by: DF.Link | None
		first_answered_on: DF.Datetime | None
		held_clock_minutes: DF.Int
		held_minutes: DF.Int
		held_since: DF.Datetime | None
		last_from_them_on: DF.Datetime | None
		last_from_us_on: DF.Datetime | None
		merged_into: DF.Link | None
		message_id: DF.Data | None
		naming_series: DF.Literal["CS-.YYYY.-.#####"]
		opened_on: DF.Datetime | None
		opportunity: DF.Link | None
		priority: DF.Literal["Low", "Medium", "High", "Urgent"]
		product: DF.Link | None
		promise_told_next: DF.Datetime | None
		prospect: DF.Link | None
		raised_by: DF.Link | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		seller: DF.Link | None
		service_promise: DF.Link | None
		solution_due: DF.Datetime | None
		solution_minutes: DF.Int
		solution_state: DF.Literal["", "Running", "Held", "Met", "Missed"]
		solution_taken: DF.Int
		solution_told: DF.Int
		solved_by: DF.Link | None
		solved_on: DF.Datetime | None
		split_from: DF.Link | None
		state: DF.Link
		subject: DF.Data
		team: DF.Link | None
		times_reopened: DF.Int
		waiting_since: DF.Datetime | None

	# end: auto-generated types

	# Values of server fields that the next save is to write: set by the server's own code.
	_server_values: dict | None = None

	def before_insert(self):
		if not (self._server_values or {}).get("opened_on"):
			self.set_on_server(opened_on=company_now())

	def set_on_server(self, **values):
		"""Sets server fields for the next save, which discards what a client has sent for them."""
		self._server_values = {**(self._server_values or {}), **values}
		self.update(values)

	def validate(self):
		restore_server_fields(self, SERVER_FIELDS)
		self.update(self._server_values or {})
		self.apply_state()
		self.set_account()
		case_promises.apply(self)

	def apply_state(self):
		"""Sets the category of the state.

		Raises frappe.ValidationError for a state that is no longer in use.
		"""
		if not self.state:
			return  # mandatory: the framework says so next
		state = get_present_doc("Cronus Case State", self.state)
		if state.disabled and self.has_value_changed("state"):
			frappe.throw(
				_("The state {0} is no longer in use: choose another.").format(frappe.bold(_(state.name)))
			)
		self.category = state.category

	def set_account(self):
		"""Clears the links that are not of this kind of account; sets the name and the seller of the account.
		A supplier and a department of our own have no seller."""
		if self.account_kind not in ("Customer", "Department"):
			self.customer = self.branch = None
		if self.account_kind != "Prospect":
			self.prospect = None
		if self.account_kind == "Customer":
			self.account_name = get_present_value("Cronus Customer", self.customer, "customer_name")
		elif self.account_kind == "Prospect":
			self.account_name = get_present_value("Cronus Prospect", self.prospect, "display_name")
		self.seller = self.find_seller()

	def find_seller(self) -> str | None:
		"""The seller of the account as stored, or None."""
		if self.customer:
			return frappe.db.get_value("Cronus Customer", self.customer, "seller")
		return frappe.db.get_value("Cronus Prospect", self.prospect, "seller") if self.prospect else None


def on_doctype_update():
	"""The orders in which figures are read (`cronus_analytics/cases/`): of the open cases, and of answers,
	solutions and missed times of a period; with what is read, so that no row is looked up."""
	counted = ("category", "merged_into")
	for name, fields in {
		"open_cases": ("category", "agent", "opened_on", "team", "first_answer_state", "solution_state"),
		"answered": ("first_answered_on", "customer", "first_answer_state", "first_answer_taken", *counted),
		"solved": ("solved_on", "customer", "solution_state", "solution_taken", *counted),
		"answer_due": ("first_answer_due", "first_answer_state", "customer", *counted),
		"solution_due": ("solution_due", "solution_state", "customer", *counted),
	}.items():
		frappe.db.add_index("Cronus Case", list(fields), name)
