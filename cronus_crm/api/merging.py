"""Customers that are the same: likely doubles, merging, and undoing it."""

import frappe

from cronus_crm.base.arguments import read_mapping, read_names
from cronus_crm.cronus_exchange.merging import customer_merges, likely_doubles


@frappe.whitelist(methods=["POST"])
def merge_customers(survivor: str, merged: list | str, values: dict | str | None = None) -> list[str]:
	"""Merges customers into another one. Their activities, opportunities, documents, files, comments,
	contacts and branches are moved; the merged customers stay, disabled, and their numbers lead to the
	survivor.

	survivor: name of the Cronus Customer that stays. merged: names of the others, at most 10 (a list, or its
	JSON). values: by name of a field, the name of the customer whose value is kept (a mapping, or its JSON);
	without a choice the survivor's, and where it has none, that of the first other one.

	Gives back the names of the Cronus Customer Merges, one for each merged customer.

	Raises frappe.PermissionError without the right to write all of them and to delete those that are merged;
	frappe.ValidationError for a customer that was merged already, that belongs to one of the merged ones, or
	whose branch has the code of another one's.
	"""
	values = read_mapping(values, "values") if values else None
	return customer_merges.merge_customers(survivor, read_names(merged, "merged"), values)


@frappe.whitelist(methods=["POST"])
def undo_merge(merge: str) -> dict[str, int]:
	"""Undoes a merge: moves back what it moved and nobody has changed since.

	merge: name of the Cronus Customer Merge.

	Gives back the numbers of references `moved` back, and of those `left` as they are.

	Raises frappe.PermissionError without the rights that merging takes, frappe.ValidationError when it
	was undone already, or when the survivor was merged into another customer since.
	"""
	return customer_merges.undo_merge(merge)


@frappe.whitelist()
def list_choices() -> list[str]:
	"""The names of the fields of a customer whose value can be chosen in a merge."""
	return customer_merges.list_choices()


@frappe.whitelist(methods=["POST"])
def dismiss_doubles(first: str, second: str) -> None:
	"""Notes that two customers are not the same: the list of likely doubles does not show them again.

	Raises frappe.PermissionError without the right to write both.
	"""
	likely_doubles.dismiss(first, second)
