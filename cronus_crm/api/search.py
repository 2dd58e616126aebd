"""The search of records, as in the search bar."""

import frappe

from cronus_crm.cronus_analytics.figures import found_records


@frappe.whitelist()
def find_records(text: str, limit: int = 5) -> list[dict]:
	"""Customers, prospects, contacts, branches, opportunities, documents and products that the session's user
	may see, by what people know of them.

	text: any part of a name, without accents if need be; a telephone or its last digits, a tax id, in any
	writing; part of an e-mail address; the number of a document or a part of it. Of several words a record
	has to have all. Of a longer text the first 140 characters count.
	limit: the most records of one kind, 1 to 20.

	Gives back a group for each kind of which there are some: `doctype`, `label` and `records`, the best
	first: `doctype`, `name`, `title`, `state` and `state_label`, `details` (texts), and `amount` with
	`currency`: what a customer owes on documents that the user may see, the balance of an invoice, the total
	of another document, the value of an opportunity. A text by which nothing can be found, as of a single
	letter or of signs, gives an empty list.
	"""
	return found_records.search_with_balances(text, limit)
