"""Customers: history, figures, contacts and addresses, export, and deletion of several."""

import frappe

from cronus_crm.cronus_analytics.figures import customer_analysis, customer_rows
from cronus_crm.cronus_crm.customers import customer_export, customer_history
from cronus_crm.cronus_crm.doctype.cronus_customer import cronus_customer


@frappe.whitelist(methods=["POST"])
def delete(names: list | str) -> list[dict]:
	"""Deletes customers with their branches, each one independently of the others.

	Their contacts and addresses remain, without the link to the customer.

	names: names of Cronus Customers, at most 500 (a list, or its JSON).

	Gives back a row for each: `name`, `customer_name`, `deleted`, and `reason` where it was not deleted.
	Raises frappe.ValidationError for more than 500.
	"""
	return cronus_customer.delete_customers(names)


@frappe.whitelist(methods=["POST"])
def set_criteria(customer: str, criteria: dict | str) -> None:
	"""Sets the criteria of a customer that an ERP synchronises. Criteria entered by hand are kept.

	customer: name of the Cronus Customer.
	criteria: the value of each criterion, by its name (a mapping, or its JSON). They replace all synchronised
	criteria; one that was entered by hand becomes synchronised.

	Raises frappe.PermissionError unless the user is an administrator, frappe.ValidationError for a value that
	its criterion does not allow.
	"""
	cronus_customer.set_criteria(customer, criteria)


@frappe.whitelist()
def get_contacts_and_addresses(doctype: str, name: str) -> dict:
	"""Contacts and addresses of a customer or of a branch, in the form of the framework's templates.

	Raises frappe.PermissionError when the user may not read that document.
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
	"""A page of the history of a customer: the items that the session's user may see, newest first.

	customer: name of the Cronus Customer. kinds: Meeting, Call, Visit, Message, Collection, Follow-up, Task,
	Document, Opportunity, E-mail; by default, all. before: `next` of the previous page. limit: items in a
	page, at most 100. since, until: dates, both included.

	Gives back `items` and `next`, which is None on the last page.

	Raises frappe.PermissionError when the user may not read the customer, frappe.ValidationError for an
	unknown kind.
	"""
	return customer_history.read_history(
		customer, kinds, before=before, limit=limit, since=since, until=until
	)


@frappe.whitelist()
@frappe.read_only()
def read_rows(names: list | str) -> dict[str, customer_rows.CustomerRow]:
	"""What customers owe and when they bought last, for a list of them.

	names: names of Cronus Customers (a list, or its JSON), at most 2500.

	Gives back, by name, `balance` and `overdue` in the company's `currency`, `last_purchase` and `recency`,
	the days since; both None where nothing was bought. Customers that the user may not see are left out, and
	so are documents that they may not see.

	Raises frappe.PermissionError without the right to read customers, frappe.ValidationError for more of
	them.
	"""
	return customer_rows.read_customer_rows(names)


@frappe.whitelist()
@frappe.read_only()
def analyse(customer: str, as_of: str | None = None) -> dict:
	"""The figures and the charts of a customer, in the company's `currency`.

	customer: name of the Cronus Customer. as_of: a past day (YYYY-MM-DD), of which the figures are; by
	default, today.

	Gives back `as_of`, `credit`, `owed`, `purchases`, `payment`, `proformas`, `cases`, `months` (the last two
	years) and `years` (this year and the last). A figure without data is None. `partial` is True when there
	may be sales of other sellers that the user does not see.

	Raises frappe.PermissionError when the user may not read the customer, frappe.ValidationError for a day
	that is still to come.
	"""
	return customer_analysis.analyse_customer(customer, as_of)


@frappe.whitelist()
def export(
	complete: bool | int | str = False,
	names: list | str | None = None,
	filters: list | dict | str | None = None,
) -> None:
	"""Sends an Excel file of the customers that the session's user may see.

	complete: with all fields, and with sheets of their criteria, branches, contacts and addresses.
	names: names of the customers; by default, those that `filters` select, as in `frappe.get_list`.

	Raises frappe.PermissionError without the right to export customers, frappe.ValidationError for more than
	20,000 of them.
	"""
	customer_export.export_customers(complete, names, filters=filters)
