"""Cronus Case: what somebody asks of us, whom it is for, and how far it has come."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_present_doc, get_present_value, get_present_values
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_service.cases import assignment, case_states
from cronus_crm.cronus_service.portal import ratings
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
	"request_key",
	*ratings.KEPT_FIELDS,
	*case_promises.KEPT_FIELDS,
)


class CronusCase(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account_kind: DF.Literal["Customer", "Prospect", "Supplier", "Department", "Other"]
		account_name: DF.Data | None
		agent: DF.Link | None
		branch: DF.Link | None
		case_type: DF.Link | None
		category: DF.Literal[
			"New", "Open", "Waiting for them", "Waiting for us", "Solved", "Closed", "Cancelled"
		]
		cc: DF.Data | None
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
		priority: DF.Literal["", "Low", "Medium", "High", "Urgent"]
		product: DF.Link | None
		promise_told_next: DF.Datetime | None
		prospect: DF.Link | None
		raised_by: DF.Link | None
		rated_on: DF.Datetime | None
		rating: DF.Int
		rating_agent: DF.Link | None
		rating_asked_on: DF.Datetime | None
		rating_comment: DF.SmallText | None
		rating_due: DF.Datetime | None
		rating_team: DF.Link | None
		rating_type: DF.Link | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		request_key: DF.Data | None
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
		state: DF.Link | None
		subject: DF.Data
		team: DF.Link | None
		times_reopened: DF.Int
		waiting_since: DF.Datetime | None

	# end: auto-generated types

	# Values of server fields that the next save is to write: set by the server's own code.
	_server_values: dict | None = None

	def before_insert(self):
		self.set_on_server(opened_on=self.read_server_value("opened_on") or company_now())

	def set_on_server(self, **values):
		"""Sets server fields for the next save, which discards what a client has sent for them."""
		self._server_values = {**(self._server_values or {}), **values}
		self.update(values)

	def read_server_value(self, fieldname: str):
		"""What :meth:`set_on_server` has set for a field, or None."""
		return (self._server_values or {}).get(fieldname)

	def validate(self):
		restore_server_fields(self, SERVER_FIELDS)
		self.update(self._server_values or {})
		self.set_account()
		self.check_contact()
		self.set_defaults_of_type()
		self.apply_state()
		self.check_agent()
		case_promises.apply(self)
		ratings.plan_question(self)

	def on_update(self):
		self._server_values = None
		assignment.follow_agent(self)

	def on_trash(self):
		self.refuse_while_merged()

	def apply_state(self):
		"""Sets the category of the state, and what depends on it.

		Raises frappe.ValidationError for a state that is no longer in use, and where there is none.
		"""
		before = self.get_doc_before_save()
		self.state = self.state or (before.state if before else case_states.find_state(case_states.NEW))
		if not self.state:
			frappe.throw(_("Choose a state: none in use has the category {0}.").format(_(case_states.NEW)))
		state = get_present_doc("Cronus Case State", self.state)
		if state.disabled and self.has_value_changed("state"):
			frappe.throw(
				_("The state {0} is no longer in use: choose another.").format(frappe.bold(_(state.name)))
			)
		self.category = state.category
		if before and before.category == self.category:
			return
		now = company_now()
		if self.category not in case_states.OVER:
			self.closed_on = None
		elif not self.read_server_value("closed_on"):
			self.closed_on = now
		self.waiting_since = None
		self.wait_from(self.read_server_value("waiting_since") or self.closed_on or now)

	def wait_from(self, moment):
		"""Begins the wait for an answer of theirs, in a state in which there is one to wait for."""
		if self.category in case_states.AWAITING_ANSWER:
			self.set_on_server(waiting_since=get_datetime(moment))

	def set_account(self):
		"""Clears the links that are not of this kind of account; sets its kind, name and seller.

		Suppliers and departments are accounts too, by their type. One that is none has its name only, as a
		department of our own company has, and whoever writes by the public form and is not known; and a
		department may be named beside the company that it is of.

		Raises frappe.MandatoryError where nothing says whom the case is for.
		"""
		if self.account_kind == "Prospect":
			self.customer = None
			self.account_name = get_present_value("Cronus Prospect", self.prospect, "prospect_name")
		else:
			self.prospect = None
		self.branch = self.branch if self.customer else None
		if self.customer:
			kind, name = get_present_values("Cronus Customer", self.customer, "account_type", "customer_name")
			if (self.account_kind, kind) != ("Department", "Customer"):
				self.account_kind, self.account_name = kind, name
		elif self.account_kind == "Customer":
			self.account_name = None
		if not self.account_name:
			frappe.throw(
				_(
					"Say whom the case is for: choose the customer or the prospect, or write the name of the "
					"supplier or department."
				),
				frappe.MandatoryError,
				title=_("Who it is for"),
			)
		self.seller = self.find_seller()

	def find_seller(self) -> str | None:
		"""The seller of the account as stored, or None."""
		if self.customer:
			return frappe.db.get_value("Cronus Customer", self.customer, "seller")
		return frappe.db.get_value("Cronus Prospect", self.prospect, "seller") if self.prospect else None

	def check_contact(self):
		"""Takes name, address and telephone of the contact where there are none.

		Raises frappe.ValidationError for a branch of another customer.
		"""
		if self.branch and self.has_value_changed("branch"):
			of_customer = get_present_value("Cronus Customer Branch", self.branch, "customer")
			if of_customer != self.customer:
				frappe.throw(
					_("{0} is no branch of {1}. Choose one of that customer.").format(
						frappe.bold(self.branch), frappe.bold(self.account_name)
					),
					title=_("Branch"),
				)
		if not self.contact or not self.has_value_changed("contact"):
			return
		name, email, mobile, phone = get_present_values(
			"Contact", self.contact, "full_name", "email_id", "mobile_no", "phone"
		)
		self.contact_name = self.contact_name or name
		self.contact_email = self.contact_email or email
		self.contact_phone = self.contact_phone or mobile or phone

	def set_defaults_of_type(self):
		"""A case without priority and team gets those of its type, else the usual ones."""
		priority, team = (
			get_present_values("Cronus Case Type", self.case_type, "priority", "team")
			if self.case_type
			else (None, None)
		)
		self.priority = self.priority or priority or "Medium"
		if self.is_new() and not self.team:
			self.team = team or assignment.find_team(frappe.session.user)

	def check_agent(self):
		"""Raises frappe.ValidationError for an agent who cannot work on cases."""
		if self.agent and self.has_value_changed("agent"):
			assignment.check_agent(self.agent)

	def refuse_while_merged(self):
		others = frappe.get_all(self.doctype, {"merged_into": self.name}, pluck="name", order_by="name asc")
		if others:
			frappe.throw(
				_("{0} cannot be deleted: {1} was merged into it.").format(
					frappe.bold(self.name), ", ".join(others[:5])
				)
			)


def on_doctype_update():
	"""Adds the indexes of the lists of an agent and of a team, of whoever has raised a case, and of figures
	(`cronus_analytics/cases/`, and the cards of the workspace): of the open cases, and of answers, solutions
	and missed times of a period, with what is read, so that no row is looked up."""
	frappe.db.add_index("Cronus Case", ["agent", "category", "creation"], "of_agent")
	frappe.db.add_index("Cronus Case", ["team", "category", "creation"], "of_team")
	frappe.db.add_index("Cronus Case", ["category", "creation"], "by_category")
	frappe.db.add_index("Cronus Case", ["owner"])
	frappe.db.add_index("Cronus Case", ["creation"])
	# By customer, in cronus_analytics/cases/account_cases.py: all that is asked of the cases of a period, and
	# of those of a team; and the cases of a period of the customers with the most.
	counted = ("category", "merged_into", "team")
	answers = ("first_answered_on", "customer", "first_answer_state", "first_answer_taken")
	solutions = ("solved_on", "customer", "solution_state", "solution_taken")
	ratings = ("rating_asked_on", "customer", "rating", "rating_team")
	for name, fields in {
		"open_cases": ("category", "agent", "opened_on", "team", "first_answer_state", "solution_state"),
		"times_to_answer": (*answers, *counted),
		"times_to_solution": (*solutions, *counted),
		"ended": ("ended_on", "category", "team", "agent", "owner", "seller"),
		"answers_missed": ("first_answer_state", "first_answer_due", "customer", *counted),
		"solutions_missed": ("solution_state", "solution_due", "customer", *counted),
		"ratings_asked": (*ratings, *counted),
		"answers_of_team": ("team", *answers, "category", "merged_into"),
		"solutions_of_team": ("team", *solutions, "category", "merged_into"),
		"ratings_of_team": ("team", *ratings, "category", "merged_into"),
		"answers_of_customer": ("customer", "first_answered_on"),
		"solutions_of_customer": ("customer", "solved_on"),
		"ratings_of_customer": ("customer", "rating_asked_on"),
	}.items():
		frappe.db.add_index("Cronus Case", list(fields), name)
