"""Records of an ERP, in and out."""

import frappe

from cronus_crm.cronus_exchange.pushing import push as pushing


@frappe.whitelist(methods=["POST"])
def push(source: str = "", batch: str = "", rows: list | str = "", history: bool = False) -> dict:
	"""Takes what an ERP tells: customers, branches, contacts, products, prices, documents and balances.

	source: name of the Cronus Source. batch: a key for this batch, by which it is done once, however often it
	is sent. rows: at most 1,000, each with `kind`, `id`, `version` and `data`; docs/exchange.md has the
	fields. history: the rows tell the past: nobody is told of them, and nothing follows that would be over.

	Gives back `batch`, `run`, `counts` by outcome, and `results`: of each row `row` (its place), `kind`,
	`id`, `outcome` (created, updated, unchanged, older, refused, waiting), `name` of the record here, and of
	one that was refused or waits `code`, `field`, `value` and `message`. `repeated` is true for a batch that
	was done before. `waited` has the rows of earlier batches that went in now.

	Raises frappe.PermissionError for who is neither integrator nor administrator, and 404 for an unknown
	source, 417 for one that is off and for what is no batch, 422 for a key of another batch, 429 for too many
	rows in an hour, 503 while another batch of the source is done.
	"""
	return pushing.push(source, batch, rows, history)
