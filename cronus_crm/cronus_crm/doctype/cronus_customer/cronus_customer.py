from collections import defaultdict

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.arguments import read_mapping, read_names
from cronus_crm.base.record_links import find_links
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.base.working_days import check_time_of_day
from cronus_crm.cronus_crm.customers import contacts
from cronus_crm.cronus_crm.customers.tax_ids import apply_tax_id_policy
from cronus_crm.cronus_crm.prospects import duplicates
from cronus_crm.visibility import rule

# More could exceed the server's timeout of one request.
MAX_DELETED_AT_ONCE = 500

# DocTypes whose records are deleted with their customer.
_DELETED_WITH_CUSTOMER = ("Cronus Customer Branch",)

# Key of :func:`count_records` for records that the user may not see, whatever their DocType.
INVISIBLE_RECORDS = ""

# Fields that a nightly job writes, see cronus_analytics/figures/customer_alerts.py, and a merge.
_SERVER_FIELDS = (
	"merged_into",
	"alert_no_purchase",
	"alert_below_average",
	"alert_pays_late",
	"alert_no_credit",
	"alerts_since",
)


class CronusCustomer(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_crm.doctype.cronus_customer_criterion.cronus_customer_criterion import (
			CronusCustomerCriterion,
		)

		account_type: DF.Literal["Customer", "Supplier", "Department"]
		alert_below_average: DF.Check
		alert_no_credit: DF.Check
		alert_no_purchase: DF.Check
		alert_pays_late: DF.Check
		alerts_since: DF.Date | None
		annual_revenue: DF.Currency
		business_line: DF.Link | None
		city: DF.Data | None
		code: DF.Data | None
		country: DF.Link | None
		credit_limit: DF.Currency
		criteria: DF.Table[CronusCustomerCriterion]
		currency: DF.Link | None
		customer_name: DF.Data
		disabled: DF.Check
		email: DF.Data | None
		email_key: DF.Data | None
		employees: DF.Int
		external_key: DF.Data | None
		follow_up_days: DF.Int
		follow_up_time: DF.Autocomplete | None
		follow_up_type: DF.Link | None
		language: DF.Link | None
		merged_into: DF.Link | None
		naming_series: DF.Literal["CL-.#####"]
		notes: DF.SmallText | None
		parent_customer: DF.Link | None
		payment_days: DF.Int
		payment_terms: DF.Link | None
		phone: DF.Data | None
		phone_key: DF.Data | None
		phone_shown: DF.Data | None
		price_list: DF.Link | None
		seller: DF.Link | None
		tax_id: DF.Data | None
		tax_key: DF.Data | None
		website: DF.Data | None
		work_center: DF.Link | None
		year_established: DF.Int

	# end: auto-generated types

	# True while `replace_synchronised_criteria` saves; an attribute because `save` takes no arguments.
	_synchronising: bool = False

	def validate(self):
		self.customer_name = (self.customer_name or "").strip()
		self.tax_id = (self.tax_id or "").strip()
		self.code = (self.code or "").strip() or None
		apply_tax_id_policy(self, self.country)
		duplicates.set_keys(self, self.country)
		self.refuse_same_code()
		self.require_parent_of_department()
		self.refuse_cycle()
		self.check_criteria()
		self.refuse_change_of_synchronised_criteria()
		restore_server_fields(self, _SERVER_FIELDS)
		check_time_of_day(self, "follow_up_time")

	def on_trash(self):
		self.refuse_deletion_with_records()
		for branch in frappe.get_all(
			"Cronus Customer Branch", filters={"customer": self.name}, pluck="name", order_by="name asc"
		):
			# The right to delete a customer includes its branches.
			frappe.delete_doc("Cronus Customer Branch", branch, ignore_permissions=True)
		contacts.unlink_contacts_and_addresses(self)

	def refuse_same_code(self):
		"""Raises frappe.DuplicateEntryError for the code or the external key of another customer, whether or
		not the user may see that. Who inserts many asks for all of them, and sets `flags.known_unique`."""
		if self.flags.known_unique:
			return
		for fieldname in ("code", "external_key"):
			value = self.get(fieldname)
			if value and self.has_value_changed(fieldname) and self._has_other(fieldname, value):
				frappe.throw(
					_("{0} {1} is that of another customer. Each has one of its own.").format(
						_(self.meta.get_label(fieldname)), frappe.bold(frappe.utils.escape_html(value))
					),
					frappe.DuplicateEntryError,
				)

	def _has_other(self, fieldname: str, value: str) -> bool:
		return bool(frappe.db.exists("Cronus Customer", {fieldname: value, "name": ("!=", self.name)}))

	def require_parent_of_department(self):
		if self.account_type == "Department" and not self.parent_customer:
			frappe.throw(
				_("A department is part of an account: choose in {0} which one.").format(
					frappe.bold(_(self.meta.get_label("parent_customer")))
				),
				frappe.MandatoryError,
			)

	def refuse_cycle(self):
		"""Raises frappe.ValidationError if the customer is, through its parents, its own parent."""
		above, seen = self.parent_customer, {self.name}
		while above:
			if above in seen:
				frappe.throw(
					_("{0} cannot belong to {1}, which belongs to it. Choose another company.").format(
						frappe.bold(self.customer_name), frappe.bold(self.parent_customer)
					)
				)
			seen.add(above)
			above = frappe.db.get_value("Cronus Customer", above, "parent_customer")

	def check_criteria(self):
		"""Raises frappe.ValidationError for a repeated criterion and for a value that it does not allow."""
		seen = set()
		for row in self.criteria:
			row.value = (row.value or "").strip()
			if row.criterion in seen:
				frappe.throw(
					_(
						"Classification criteria, row {0}: {1} is there already. Keep one of the two rows."
					).format(row.idx, frappe.bold(_(row.criterion)))
				)
			seen.add(row.criterion)
			if row.criterion and row.value:
				row.check_value()

	def refuse_change_of_synchronised_criteria(self):
		"""Raises frappe.ValidationError if a person changes rows that come from the ERP; see
		`set_criteria`."""
		if self._synchronising:
			return
		before = self.get_doc_before_save()
		stored = {row.name: row for row in before.criteria if row.synchronised} if before else {}
		kept = {row.name: row for row in self.criteria if row.synchronised}
		for name in [*stored, *kept]:
			before_row, row = stored.get(name), kept.get(name)
			if (
				not before_row
				or not row
				or (before_row.criterion, before_row.value) != (row.criterion, row.value)
			):
				frappe.throw(
					_("{0} comes from the ERP and is changed there. Leave that row as it was.").format(
						frappe.bold(_((before_row or row).criterion))
					),
					title=_("Synchronised criterion"),
				)

	def replace_synchronised_criteria(self, criteria: dict[str, str]):
		"""Saves the criteria that come from the ERP. criteria: value by name of the criterion."""
		if criteria == {row.criterion: row.value for row in self.criteria if row.synchronised}:
			return
		by_hand = [row for row in self.criteria if not row.synchronised and row.criterion not in criteria]
		for idx, row in enumerate(by_hand, start=1):
			row.idx = idx
		self.set("criteria", by_hand)
		for criterion, value in criteria.items():
			self.append("criteria", {"criterion": criterion, "value": value, "synchronised": 1})
		self._synchronising = True
		try:
			self.save()
		finally:
			self._synchronising = False

	def refuse_deletion_with_records(self):
		"""Raises frappe.LinkExistsError, with their numbers, if documents link to the customer."""
		# Who deletes many customers has asked for all of them.
		if frappe.flags.in_uninstall or self.flags.known_unlinked:
			return
		if records := count_records(self.name):
			frappe.throw(
				_("{0} has records: {1}. Delete those first, or mark it as disabled instead.").format(
					frappe.bold(self.customer_name), format_record_counts(records)
				),
				frappe.LinkExistsError,
				title=_("Not deleted"),
			)


def count_records(customer: str) -> dict[str, int]:
	"""Numbers of documents that link to a customer, by DocType, as far as the user may see them.

	Of the others only the existence is outcome: the key INVISIBLE_RECORDS is there, with the value 1. Records
	that are deleted with the customer are not counted.
	"""
	ignored = {*_DELETED_WITH_CUSTOMER, *frappe.get_hooks("ignore_links_on_delete")}
	names = defaultdict(set)
	for (doctype, name), _customer in find_links(
		"Cronus Customer", [customer], lambda source: source not in ignored
	):
		names[doctype].add(name)
	found = {}
	for doctype in sorted(names.keys() - ignored):
		seen = _count_visible(doctype, names[doctype])
		if seen:
			found[doctype] = seen
		if seen < len(names[doctype]):
			found[INVISIBLE_RECORDS] = 1
	return found


def _count_visible(doctype: str, names: set[str]) -> int:
	if not frappe.has_permission(doctype, "read"):
		return 0
	return len(frappe.get_list(doctype, filters={"name": ("in", list(names))}, pluck="name", order_by=None))


def format_record_counts(records: dict[str, int]) -> str:
	"""The result of `count_records` as text in the user's language: “Proforma: 3, Invoice: 2”; records that
	the user may not see are mentioned without number."""
	counts = [
		f"{_(doctype)}: {number}" for doctype, number in records.items() if doctype != INVISIBLE_RECORDS
	]
	return ", ".join(
		[*counts, _("others outside your portfolio")] if INVISIBLE_RECORDS in records else counts
	)


def delete_customers(names: list | str) -> list[dict]:
	"""Deletes customers with their branches, as far as the user may and no documents link to them.

	Contacts and addresses stay, without the link to the customer. One that cannot be deleted does not prevent
	the deletion of the others.

	names: of Cronus Customers, at most 500; with more, frappe.ValidationError is raised.

	Returns a row for each: `name`, `customer_name`, `deleted`, and `reason` (translated) if it was not
	deleted.
	"""
	names = read_names(names, "names")
	if len(names) > MAX_DELETED_AT_ONCE:
		frappe.throw(_("Delete at most {0} customers at a time.").format(MAX_DELETED_AT_ONCE))
	return [_delete_customer(name) for name in names]


def _delete_customer(name: str) -> dict:
	"""Deletes one customer or finds the reason why not; returns the row of `delete_customers`."""
	outcome = {"name": name, "customer_name": name, "deleted": False, "reason": ""}
	if not rule.can_see("Cronus Customer", name):
		return {**outcome, "reason": _("It is not in your portfolio.")}
	customer = frappe.get_doc("Cronus Customer", name)
	outcome["customer_name"] = customer.customer_name
	if not customer.has_permission("delete"):
		return {**outcome, "reason": _("You may not delete it. Mark it as disabled instead.")}
	if records := count_records(name):
		return {**outcome, "reason": format_record_counts(records)}
	frappe.db.savepoint("delete_customer")
	try:
		customer.delete()
	except frappe.ValidationError as error:
		# From another app or the framework; the reason is part of the answer, without a dialog.
		frappe.db.rollback(save_point="delete_customer")
		frappe.clear_last_message()
		return {**outcome, "reason": frappe.utils.strip_html(str(error))}
	return {**outcome, "deleted": True}


def set_criteria(customer: str, criteria: dict | str) -> None:
	"""Replaces the criteria of a customer that come from the ERP, and leaves those that people have entered.

	customer: name of the Cronus Customer.
	criteria: value by name of the criterion. One that a person had entered becomes a synchronised one.

	Raises frappe.PermissionError for a user who is not an administrator, frappe.ValidationError for a value
	that its criterion does not allow.
	"""
	if not {rule.ADMINISTRATOR_ROLE, "System Manager"}.intersection(frappe.get_roles()):
		frappe.throw(
			_("Only an administrator synchronises criteria. Add them to the customer by hand."),
			frappe.PermissionError,
		)
	criteria = read_mapping(criteria, "criteria")
	doc = frappe.get_doc("Cronus Customer", customer, for_update=True)
	doc.check_permission("write")
	doc.replace_synchronised_criteria(criteria)


def read_contacts_and_addresses(doctype: str, name: str) -> dict:
	"""Contacts and addresses of a customer or of a branch, in the format of the framework's templates.

	Raises frappe.PermissionError if the user may not read that document, frappe.ValidationError for another
	DocType.
	"""
	if doctype not in contacts.DOCTYPES_WITH_CONTACTS:
		frappe.throw(_("{0} has no contacts.").format(_(doctype)))
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	return contacts.list_contacts_and_addresses(doc)
