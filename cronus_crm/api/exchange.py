"""Records of an ERP, in and out, and the administrators' work on sources."""

import frappe

from cronus_crm.base.arguments import read_names
from cronus_crm.cronus_exchange import exchange_rights
from cronus_crm.cronus_exchange.differing import drift
from cronus_crm.cronus_exchange.pulling import asks, pages
from cronus_crm.cronus_exchange.pushing import push as pushing
from cronus_crm.cronus_exchange.pushing.sources import read_source
from cronus_crm.cronus_exchange.watching import source_states


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


@frappe.whitelist()
def pull(source: str, cursor: str = "", limit: int | str = pages.DEFAULT_LENGTH) -> dict:
	"""What changed here, for an ERP that asks: at first everything, then what changed since the cursor.

	source: name of the Cronus Source. cursor: of the last answer; "" to begin with everything. limit: at most
	so many rows, 500 at most.

	Gives back `rows`, `cursor` for the next call, and `more`: whether there is more already. A row has
	`change` (“changed”, “deleted”, or “asked”: the ERP is asked to push the record again), `kind` as in a
	push, `id` (what the source calls the record; null for one that it has not told), `name` (our number) and,
	if it changed, `modified`, `data`, and `ids`: of the links in `data`, what the source calls the linked
	record. Each record is told with what it is now, at least once after each change; what the source itself
	has told is not told back. Documents are told from their issue on; amounts of a document are in the
	company's currency.

	Raises what :func:`push` raises for a source, and frappe.ValidationError for a wrong cursor or limit.
	"""
	return pages.read_page(read_source(source).name, cursor, pages.read_limit(limit))


@frappe.whitelist()
def list_sources() -> list[dict]:
	"""The sources with their state, see :func:`source_states.list_sources`.

	Raises frappe.PermissionError for whoever does not administer the CRM, as all that follow.
	"""
	exchange_rights.require_administrator()
	return source_states.list_sources()


@frappe.whitelist()
def list_runs(source: str) -> list[dict]:
	"""The last ten runs of a source, the newest first, with their counts."""
	exchange_rights.require_administrator()
	return source_states.list_runs(source)


@frappe.whitelist()
def list_rows(source: str, state: str, after: str = "") -> dict:
	"""Rows of a source that wait (state “Waiting”) or were refused (“Refused”): `rows` and `next`, which is
	given as `after` for those that follow."""
	exchange_rights.require_administrator()
	return source_states.list_rows(source, state, after)


@frappe.whitelist()
def list_drift(source: str, after: str = "") -> dict:
	"""What differs between a source and us: `rows`, one for each record, with `fields` that say what is
	`theirs` and `ours` since when, and `next` as in :func:`list_rows`."""
	exchange_rights.require_administrator()
	return drift.list_drift(source, after)


@frappe.whitelist(methods=["POST"])
def switch_source(source: str, is_on: bool | int | str) -> None:
	"""Switches a source on or off. Off, nothing of it is accepted, and what it owns can be changed here.

	Raises frappe.DoesNotExistError without such a source.
	"""
	exchange_rights.require_administrator()
	source_states.switch_source(source, bool(frappe.utils.cint(is_on)))


@frappe.whitelist(methods=["POST"])
def fetch_files(source: str) -> None:
	"""Has the files of a source fetched now, in the background.

	Raises frappe.ValidationError for a source that is off or has no place for files.
	"""
	exchange_rights.require_administrator()
	source_states.fetch_files(source)


@frappe.whitelist(methods=["POST"])
def take_theirs(name: str, fieldnames: list | str) -> None:
	"""Writes what the source has told over what stands here. name: of the Cronus External Record. fieldnames:
	those that are taken (a list, or its JSON).

	Raises frappe.ValidationError for a field that does not differ, and what the checks of the record raise.
	"""
	exchange_rights.require_administrator()
	drift.take_theirs(name, read_names(fieldnames, "fieldnames"))


@frappe.whitelist(methods=["POST"])
def take_ours(name: str, fieldnames: list | str) -> None:
	"""Keeps what stands here until the source tells another value; arguments as in :func:`take_theirs`."""
	exchange_rights.require_administrator()
	drift.take_ours(name, read_names(fieldnames, "fieldnames"))


@frappe.whitelist(methods=["POST"])
def ask_again(names: list | str) -> int:
	"""Asks the sources of these Cronus External Records (a list, or its JSON; at most 500) to tell them
	again: they are among what :func:`pull` answers. Gives back how many were asked."""
	exchange_rights.require_administrator()
	return asks.ask_again(read_names(names, "names"))
