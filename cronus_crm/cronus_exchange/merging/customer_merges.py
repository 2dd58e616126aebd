"""Merges customers that are the same, so that it can be undone.

The merged customer stays as a record, disabled and marked with the customer that it was merged into; what
refers to its number is led there. Everything that belonged to it moves, with a journal (Cronus Merge Entry);
:func:`undo_merge` moves back exactly that.
"""

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Count, Sum
from frappe.utils import now_datetime

from cronus_crm.base.present_records import read_present_value
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_exchange.merging.moved_records import CUSTOMER, move_back, move_records
from cronus_crm.cronus_exchange.pushing.told_now import merging
from cronus_crm.visibility import rule, search_index

MERGE = "Cronus Customer Merge"
MAX_AT_ONCE = 10

# What a person cannot choose from one of the customers.
_NOT_CHOSEN = frozenset({"naming_series", "parent_customer", "disabled", "merged_into", "alerts_since"})

LEDGER = "Cronus Sales Entry"


def list_choices() -> list[str]:
	"""The names of the fields whose value can be taken from either customer."""
	return [
		field.fieldname
		for field in frappe.get_meta(CUSTOMER).fields
		if field.fieldtype not in (*no_value_fields, *table_fields)
		and not field.read_only
		and not field.hidden
		and field.fieldname not in _NOT_CHOSEN
	]


def merge_customers(survivor: str, merged: Sequence[str], values: dict[str, str] | None = None) -> list[str]:
	"""Merges customers into another one.

	survivor: name of the Cronus Customer that stays. merged: names of the others, at most MAX_AT_ONCE.
	values: by name of a field, the name of the customer whose value is kept. Without a choice, the survivor
	keeps its value, and takes the first other one's where it has none.

	Returns the names of the Cronus Customer Merges, one for each merged customer.

	Raises frappe.PermissionError without the right to write all of them and to delete those that are merged,
	and frappe.ValidationError for a customer that has been merged, for one that would be its own parent, for
	branches with the same code, and when the sums of the ledger change.
	"""
	merged = list(dict.fromkeys(merged))
	if not merged or survivor in merged:
		frappe.throw(_("Choose two or more different customers, and which of them stays."))
	if len(merged) > MAX_AT_ONCE:
		frappe.throw(_("Merge at most {0} customers at a time.").format(MAX_AT_ONCE))
	# In the order of their names, so that two merges at once do not wait for each other.
	locked = {name: frappe.get_doc(CUSTOMER, name, for_update=True) for name in sorted([survivor, *merged])}
	target, sources = locked[survivor], [locked[name] for name in merged]
	_check(target, sources)
	before = _sum_ledger([survivor, *merged])
	choices = _choose_values(target, sources, values or {})
	merges = [_merge(target.name, source) for source in sources]
	_apply(target, choices, merges[0])
	if _sum_ledger([survivor]) != before:
		frappe.throw(_("The sums of the ledger would change. Nothing was merged; tell your administrator."))
	for customer in locked:
		refresh_summaries(customer)
	search_index.index_inheriting(CUSTOMER, list(locked))
	return merges


def undo_merge(name: str) -> dict[str, int]:
	"""Undoes a merge: what was moved goes back, unless it has been moved on since; the survivor's fields get
	their former values, unless they have been changed since.

	name: of the Cronus Customer Merge.

	Returns the numbers of references `moved` back and `left`.

	Raises frappe.PermissionError without the rights that merging them takes, frappe.ValidationError for a
	merge that was undone, or whose survivor was itself merged since.
	"""
	merge = frappe.get_doc(MERGE, name, for_update=True)
	merge.check_permission("read")
	if merge.state != "Merged":
		frappe.throw(_("This merge was undone already."))
	first, second = sorted((merge.survivor, merge.merged))
	locked = {one: frappe.get_doc(CUSTOMER, one, for_update=True) for one in (first, second)}
	target, source = locked[merge.survivor], locked[merge.merged]
	target.check_permission("write")
	source.check_permission("write")
	source.check_permission("delete")
	if target.merged_into:
		frappe.throw(
			_("{0} was itself merged into {1} afterwards. Undo that merge first.").format(
				_bold(target.customer_name), _bold(target.merged_into)
			)
		)
	before = _sum_ledger([target.name, source.name])
	moved, left = move_back(merge.name, source.name, target.name)
	source.db_set({"merged_into": None, "disabled": merge.was_disabled})
	_restore_values(target, merge)
	merge.db_set({"state": "Undone", "undone_on": now_datetime(), "undone_by": frappe.session.user})
	if _sum_ledger([target.name, source.name]) != before:
		frappe.throw(_("The sums of the ledger would change. Nothing was undone; tell your administrator."))
	for customer in locked:
		refresh_summaries(customer)
	search_index.index_inheriting(CUSTOMER, list(locked))
	return {"moved": moved, "left": left}


def follow_merges(customer: str | None) -> str | None:
	"""The customer that another one was merged into, over several merges; the customer itself if it was not
	merged."""
	seen = set()
	while customer and customer not in seen:
		seen.add(customer)
		if not (into := read_present_value(CUSTOMER, customer, "merged_into")):
			break
		customer = into
	return customer


def lead_to_survivor(doc: Document, method: str | None = None) -> None:
	"""Document event `before_validate`: a customer that was merged is replaced by the one that it was merged
	into, so that another system may go on with the old number."""
	if not doc.get("customer") or not doc.has_value_changed("customer"):
		return
	survivor = follow_merges(doc.customer)
	if survivor != doc.customer and not rule.may_disclose(CUSTOMER, survivor):
		frappe.throw(
			_("{0} was merged into a customer that is not in your portfolio. Choose another one.").format(
				_bold(doc.customer)
			),
			frappe.PermissionError,
		)
	doc.customer = survivor


def move_stragglers() -> None:
	"""Scheduled job: moves what was saved for a merged customer while it was being merged."""
	lately = frappe.get_all(
		MERGE,
		filters={"state": "Merged", "merged_on": (">", frappe.utils.add_days(None, -2))},
		fields=["name", "survivor", "merged"],
		order_by="merged_on asc, name asc",
	)
	for merge in lately:
		if move_records(merge.merged, merge.survivor, merge.name):
			refresh_summaries(merge.survivor)
		frappe.db.commit()


def refresh_summaries(customer: str) -> None:
	"""Writes what the framework keeps on a record of its comments, tags and assignments for lists."""
	about = {"reference_doctype": CUSTOMER, "reference_name": customer}
	comments = frappe.get_all(
		"Comment",
		filters={**about, "comment_type": "Comment"},
		fields=["content as comment", "comment_email as `by`", "name"],
		order_by="creation asc",
		limit=100,
	)
	tags = frappe.get_all(
		"Tag Link",
		filters={"document_type": CUSTOMER, "document_name": customer},
		pluck="tag",
		order_by="tag asc",
	)
	assigned = frappe.get_all(
		"ToDo",
		filters={"reference_type": CUSTOMER, "reference_name": customer, "status": "Open"},
		pluck="allocated_to",
		order_by="allocated_to asc",
	)
	frappe.db.set_value(
		CUSTOMER,
		customer,
		{
			"_comments": frappe.as_json(comments, indent=None) if comments else None,
			"_user_tags": "".join(f",{tag}" for tag in sorted(set(tags))) or None,
			"_assign": frappe.as_json(sorted(set(filter(None, assigned))), indent=None) if assigned else None,
		},
		update_modified=False,
	)
	frappe.clear_document_cache(CUSTOMER, customer)


def _check(target: Document, sources: list[Document]) -> None:
	target.check_permission("write")
	for source in sources:
		source.check_permission("write")
		source.check_permission("delete")
	for one in (target, *sources):
		if one.merged_into:
			frappe.throw(
				_("{0} was merged into {1} already.").format(_bold(one.customer_name), _bold(one.merged_into))
			)
	names = {source.name for source in sources}
	if target.parent_customer in names:
		frappe.throw(
			_("{0} belongs to {1}. Let that one stay, or take it out of {1} first.").format(
				_bold(target.customer_name), _bold(target.parent_customer)
			)
		)
	_check_branches([target.name, *names])


def _check_branches(customers: list[str]) -> None:
	"""Raises frappe.ValidationError when branches of different customers have the same code."""
	seen = {}
	for row in frappe.get_all(
		"Cronus Customer Branch",
		filters={"customer": ("in", customers), "code": ("is", "set")},
		fields=["customer", "code", "branch_name"],
		order_by="name asc",
	):
		other = seen.setdefault(row.code.lower(), row)
		if other.customer != row.customer:
			frappe.throw(
				_(
					"{0} and {1} are branches with the same code, {2}. Give one of them another code first."
				).format(_bold(other.branch_name), _bold(row.branch_name), _bold(row.code))
			)


def _choose_values(target: Document, sources: list[Document], values: dict[str, str]) -> dict:
	"""The values by field that the survivor gets; only those that differ from its own."""
	by_name = {one.name: one for one in (target, *sources)}
	choices = list_choices()
	for fieldname, name in values.items():
		if fieldname not in choices or name not in by_name:
			frappe.throw(_("{0} cannot be chosen from {1}.").format(_bold(fieldname), _bold(name)))
	chosen = {}
	for fieldname in choices:
		if fieldname in values:
			value = by_name[values[fieldname]].get(fieldname)
		else:
			value = next((v for one in (target, *sources) if (v := one.get(fieldname))), None)
		if (value or None) != (target.get(fieldname) or None):
			chosen[fieldname] = value
	return chosen


def _merge(survivor: str, source: Document) -> str:
	"""Moves everything of one customer; returns the name of its Cronus Customer Merge."""
	merge = frappe.get_doc(
		{
			"doctype": MERGE,
			"survivor": survivor,
			"merged": source.name,
			"merged_name": source.customer_name,
			"state": "Merged",
			"was_disabled": source.disabled,
			"merged_on": now_datetime(),
			"merged_by": frappe.session.user,
		}
	).insert(ignore_permissions=True)  # `_check` has asked for the customers; nobody else makes one
	source.db_set({"merged_into": survivor, "disabled": 1})
	merge.db_set("moved", move_records(source.name, survivor, merge.name))
	return merge.name


def _apply(target: Document, chosen: dict, merge: str) -> None:
	"""Saves the survivor with the chosen values, and notes in a merge what they were before."""
	target.reload()
	former = {fieldname: target.get(fieldname) for fieldname in chosen}
	target.update(chosen)
	with merging():
		target.save()
	kept = {fieldname: target.get(fieldname) for fieldname in chosen}
	frappe.db.set_value(
		MERGE, merge, {"former_values": frappe.as_json(former), "chosen_values": frappe.as_json(kept)}
	)


def _restore_values(target: Document, merge: Document) -> None:
	former = frappe.parse_json(merge.former_values or "{}")
	chosen = frappe.parse_json(merge.chosen_values or "{}")
	target.reload()
	for fieldname, value in former.items():
		if frappe.as_json(target.get(fieldname)) == frappe.as_json(chosen.get(fieldname)):
			target.set(fieldname, value)
	with merging():
		target.save()


def _sum_ledger(customers: list[str]) -> list[tuple[str, int, int, Decimal, Decimal]]:
	"""The number, amount and balance of the entries of these customers, by kind and state. In the company's
	currency."""
	entry = DocType(LEDGER)
	return (
		frappe.qb.from_(entry)
		.select(entry.kind, entry.cancelled, Count("*"), Sum(entry.amount), Sum(entry.balance))
		.where(entry.customer.isin(customers))
		.groupby(entry.kind, entry.cancelled)
		.orderby(entry.kind)
		.orderby(entry.cancelled)
		.run()
	)


def _bold(text: str) -> str:
	return frappe.bold(as_html(text))
