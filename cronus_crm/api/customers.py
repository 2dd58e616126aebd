"""Customers: their history, their figures, their people, and what is done with several at once."""

import frappe

from cronus_crm.cronus_analytics.figures import customer_analysis
from cronus_crm.cronus_crm.customers import customer_export, customer_history
from cronus_crm.cronus_crm.doctype.cronus_customer import cronus_customer


@frappe.whitelist(methods=["POST"])
def delete(names: list | str) -> list[dict]:
	"""Deletes those of the customers that can be deleted, each on its own, with their branches.

	Contacts and addresses stay; they only cease to be the customer's.

	names: of Cronus Customers, at most 500.

	Gives back a row for each: `name`, `customer_name`, `deleted`, and `reason` where it was not deleted.
	Raises frappe.ValidationError for more than 500.
	"""
	return cronus_customer.delete_customers(names)


@frappe.whitelist(methods=["POST"])
def set_criteria(customer: str, criteria: dict | str) -> None:
	"""What the ERP says of a customer: replaces its synchronised criteria and leaves those made by hand.

	customer: name of the Cronus Customer.
	criteria: value of each criterion, by its name. One that a person had filled in becomes the ERP's.

	Raises frappe.PermissionError for whoever is not an administrator, frappe.ValidationError for a value that
	its criterion does not allow.
	"""
	cronus_customer.set_criteria(customer, criteria)


@frappe.whitelist()
def get_contacts_and_addresses(doctype: str, name: str) -> dict:
	"""Contacts and addresses of a customer or of one of its branches, as the framework's templates show them.

	Raises frappe.PermissionError where the user may not read that document.
	"""
	return cronus_customer.read_contacts_and_addresses(doctype, name)


@frappe.whitelist()
def read_history(
	customer: str,
	kinds: list | str | None = None,
	before: dict | str | None = None,
	limit: int = 20,
	since: str | None = None,
	until: str | None = None,
) -> dict:
	"""A page of the history of a customer, newest first, of what the session's user may see.

	customer: name of the Cronus Customer. kinds: Meeting, Call, Visit, Message, Collection, Follow-up, Task,
	Document, Opportunity, E-mail; by default, all. before: the `next` of the page before. limit: items in the
	page, at most 100. since, until: dates, both included.

	Gives back `items` and `next`, which is None on the last page.

	Raises frappe.PermissionError where the user may not read the customer, frappe.ValidationError for a kind
	that is not known.
	"""
	return customer_history.read_history(
		customer, kinds, before=before, limit=limit, since=since, until=until
	)


@frappe.whitelist()
@frappe.read_only()
def analyse(customer: str) -> dict:
	"""The figures and the charts of a customer, in the company's `currency`.

	customer: name of the Cronus Customer.

	Gives back `credit`, `owed`, `purchases`, `payment`, `proformas`, the `months` of the last two years and
	the `years`, this one beside the last. What there is no figure of is None. `partial` is True where others
	may have sold to the customer what the user does not see.

	Raises frappe.PermissionError where the user may not read the customer.
	"""
	return customer_analysis.analyse_customer(customer)


@frappe.whitelist()
def export(
	complete: bool | int | str = False,
	names: list | str | None = None,
	filters: list | dict | str | None = None,
) -> None:
	"""Answers with an Excel file of customers, of those that the session's user may see.

	complete: with every field, and with their criteria, branches, contacts and addresses, a sheet for each.
	names: of the customers; without them, `filters` says which, as in `frappe.get_list`.

	Raises frappe.PermissionError without the right to export customers, frappe.ValidationError for more than
	20,000 of them.
	"""
	customer_export.export_customers(complete, names, filters=filters)
