from collections import defaultdict

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.base.arguments import read_list, read_mapping
from cronus_crm.base.record_links import find_links
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.base.working_days import check_time_of_day
from cronus_crm.cronus_crm.customers import contacts
from cronus_crm.cronus_crm.prospects import duplicates
from cronus_crm.visibility import rule

# As many as one answer can tell about, and one request can delete before the server's patience ends.
MOST_DELETED_AT_ONCE = 500

# What goes with its customer.
_PARTS = ("Cronus Customer Branch",)

# Stands for the DocTypes of records that the user may not see.
OTHERS = ""

# What the night finds out, see cronus_analytics/figures/customer_alerts.py
_SERVER_FIELDS = (
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
		country: DF.Link | None
		credit_limit: DF.Currency
		criteria: DF.Table[CronusCustomerCriterion]
		currency: DF.Link | None
		customer_name: DF.Data
		disabled: DF.Check
		email: DF.Data | None
		email_key: DF.Data | None
		employees: DF.Int
		follow_up_days: DF.Int
		follow_up_time: DF.Autocomplete | None
		follow_up_type: DF.Link | None
		naming_series: DF.Literal["CL-.#####"]
		notes: DF.SmallText | None
		parent_customer: DF.Link | None
		payment_days: DF.Int
		payment_terms: DF.Link | None
		phone: DF.Data | None
		phone_key: DF.Data | None
		price_list: DF.Link | None
		seller: DF.Link | None
		tax_id: DF.Data | None
		tax_key: DF.Data | None
		website: DF.Data | None
		work_center: DF.Link | None
		year_established: DF.Int

	# end: auto-generated types

	# True while `replace_synchronised_criteria` saves: `save` takes no arguments.
	_synchronising: bool = False

	def validate(self):
		self.customer_name = (self.customer_name or "").strip()
		self.tax_id = (self.tax_id or "").strip()
		duplicates.set_keys(self)
		self.require_owner_of_department()
		self.refuse_cycle()
		self.check_criteria()
		self.keep_synchronised_criteria()
		restore_server_fields(self, _SERVER_FIELDS)
		check_time_of_day(self, "follow_up_time")

	def on_trash(self):
		self.refuse_deletion_with_records()
		for branch in frappe.get_all(
			"Cronus Customer Branch", filters={"customer": self.name}, pluck="name", order_by="name asc"
		):
			# Whoever may delete the customer deletes it whole.
			frappe.delete_doc("Cronus Customer Branch", branch, ignore_permissions=True)
		contacts.unlink_contacts_and_addresses(self)

	def require_owner_of_department(self):
		if self.account_type == "Department" and not self.parent_customer:
			frappe.throw(
				_("A department is part of an account: choose in {0} which one.").format(
					frappe.bold(_(self.meta.get_label("parent_customer")))
				),
				frappe.MandatoryError,
			)

	def refuse_cycle(self):
		"""A company is not its own subsidiary, directly or through others."""
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
		"""Each criterion once, with one of its values where it has a list of them."""
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

	def keep_synchronised_criteria(self):
		"""What the ERP says of a customer is changed by synchronisation alone; see `set_criteria`."""
		if self._synchronising:
			return
		before = self.get_doc_before_save()
		stored = {row.name: row for row in before.criteria if row.synchronised} if before else {}
		kept = {row.name: row for row in self.criteria if row.synchronised}
		for name in [*stored, *kept]:
			was, is_now = stored.get(name), kept.get(name)
			if not was or not is_now or (was.criterion, was.value) != (is_now.criterion, is_now.value):
				frappe.throw(
					_("{0} comes from the ERP and is changed there. Leave that row as it was.").format(
						frappe.bold(_((was or is_now).criterion))
					),
					title=_("Synchronised criterion"),
				)

	def replace_synchronised_criteria(self, criteria: dict[str, str]):
		"""Saves what the ERP says of the customer: value of each criterion, by its name."""
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
		"""Raises frappe.LinkExistsError, with the numbers of what still belongs to the customer."""
		if frappe.flags.in_uninstall:
			return
		if records := records_of(self.name):
			frappe.throw(
				_("{0} has records: {1}. Delete those first, or mark it as disabled instead.").format(
					frappe.bold(self.customer_name), in_words(records)
				),
				frappe.LinkExistsError,
				title=_("Not deleted"),
			)


def records_of(customer: str) -> dict[str, int]:
	"""How many documents point at a customer, by DocType: of those that the user may see. Others count under
	OTHERS, where any number is 1. What is deleted with the customer is not counted."""
	ignored = {*_PARTS, *frappe.get_hooks("ignore_links_on_delete")}
	names = defaultdict(set)
	for (doctype, name), _customer in find_links(
		"Cronus Customer", [customer], lambda source: source not in ignored
	):
		names[doctype].add(name)
	found = {}
	for doctype in sorted(names.keys() - ignored):
		seen = _seen_among(doctype, names[doctype])
		if seen:
			found[doctype] = seen
		if seen < len(names[doctype]):
			found[OTHERS] = 1
	return found


def _seen_among(doctype: str, names: set[str]) -> int:
	if not frappe.has_permission(doctype, "read"):
		return 0
	return len(frappe.get_list(doctype, filters={"name": ("in", list(names))}, pluck="name", order_by=None))


def in_words(records: dict[str, int]) -> str:
	"""What `records_of` found, for people: “Proforma: 3, Invoice: 2”. Of what the user may not see, that
	there is some."""
	told = [f"{_(doctype)}: {number}" for doctype, number in records.items() if doctype != OTHERS]
	return ", ".join([*told, _("others outside your portfolio")] if OTHERS in records else told)


def delete_customers(names: list | str) -> list[dict]:
	"""Deletes those of the customers that can be deleted, each on its own, with their branches.

	Contacts and addresses stay; they only cease to be the customer's.

	names: of Cronus Customers, at most 500.

	Gives back a row for each: `name`, `customer_name`, `deleted`, and `reason` where it was not deleted.
	"""
	names = list(dict.fromkeys(read_list(names, "names")))
	if len(names) > MOST_DELETED_AT_ONCE:
		frappe.throw(_("Delete at most {0} customers at a time.").format(MOST_DELETED_AT_ONCE))
	return [_delete(name) for name in names]


def _delete(name: str) -> dict:
	told = {"name": name, "customer_name": name, "deleted": False, "reason": ""}
	if not rule.can_see("Cronus Customer", name):
		return {**told, "reason": _("It is not in your portfolio.")}
	customer = frappe.get_doc("Cronus Customer", name)
	told["customer_name"] = customer.customer_name
	if not customer.has_permission("delete"):
		return {**told, "reason": _("You may not delete it. Mark it as disabled instead.")}
	if records := records_of(name):
		return {**told, "reason": in_words(records)}
	frappe.db.savepoint("delete_customer")
	try:
		customer.delete()
	except frappe.ValidationError as error:
		# Of another app, or of the framework: its reason is told in the answer and not in a dialog.
		frappe.db.rollback(save_point="delete_customer")
		frappe.clear_last_message()
		return {**told, "reason": frappe.utils.strip_html(str(error))}
	return {**told, "deleted": True}


def set_criteria(customer: str, criteria: dict | str) -> None:
	"""What the ERP says of a customer: replaces its synchronised criteria and leaves those made by hand.

	customer: name of the Cronus Customer.
	criteria: value of each criterion, by its name. One that a person had filled in becomes the ERP's.

	Raises frappe.PermissionError for whoever is not an administrator, frappe.ValidationError for a value that
	its criterion does not allow.
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
	"""Contacts and addresses of a customer or of one of its branches, as the framework's templates show them.

	Raises frappe.PermissionError where the user may not read that document.
	"""
	if doctype not in contacts.HAVE_PEOPLE:
		frappe.throw(_("{0} has no contacts.").format(_(doctype)))
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	return contacts.contacts_and_addresses_of(doc)
