"""Merges cases that are about the same, and splits one that is about several things.

A merged case stays, closed, and leads to the one that it was merged into: forms, and messages that come
later, follow. What was said about it, its files and its activities move to the other one.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType

from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases import case_states
from cronus_crm.cronus_service.cases.case_states import CASE

MAX_AT_ONCE = 20

# What belongs to a case, by the fields that refer to it; of comments only notes, as the others are its own
# history.
_BELONGINGS = {
	"Communication": ("reference_doctype", "reference_name"),
	"Comment": ("reference_doctype", "reference_name"),
	"File": ("attached_to_doctype", "attached_to_name"),
	"Cronus Activity": ("reference_doctype", "reference_name"),
}

# What a case that is split off has of the one that it came from.
_SHARED = (
	"account_kind",
	"customer",
	"prospect",
	"account_name",
	"branch",
	"contact",
	"contact_name",
	"contact_email",
	"contact_phone",
	"cc",
	"case_type",
	"priority",
	"channel",
	"product",
	"agent",
	"team",
)


def merge_cases(survivor: str, merged: Sequence[str]) -> None:
	"""Merges cases of one account into another case of it.

	survivor: name of the case that stays. merged: names of the others, at most MAX_AT_ONCE.

	Raises frappe.PermissionError without the right to write all of them, frappe.ValidationError for a case of
	another account, and for one that was merged already.
	"""
	merged = list(dict.fromkeys(merged))
	if not merged or survivor in merged:
		frappe.throw(_("Choose two or more different cases, and which of them stays."))
	if len(merged) > MAX_AT_ONCE:
		frappe.throw(_("Merge at most {0} cases at a time.").format(MAX_AT_ONCE))
	# In the order of their names, so that two merges at once do not wait for each other.
	locked = {name: frappe.get_doc(CASE, name, for_update=True) for name in sorted([survivor, *merged])}
	_check(locked[survivor], [locked[name] for name in merged])
	for name in merged:
		_move_belongings(name, survivor)
		_close_merged(locked[name], survivor)
	target = locked[survivor]
	latest = {
		field: max(filter(None, (one.get(field) for one in locked.values())), default=None)
		for field in ("last_from_them_on", "last_from_us_on")
	}
	target.set_on_server(**latest)
	target.flags.ignore_mandatory = target.flags.ignore_links = True
	target.save()
	target.add_comment("Info", _("took in {0}").format(", ".join(merged)))


def split_case(case: str, subject: str, messages: Sequence[str] = ()) -> str:
	"""Makes a case of its own of a part of another one: the same account, people and type.

	subject: of the new case. messages: names of Communications about the case that move to the new one.

	Returns the name of the new case. Raises frappe.PermissionError without the right to write the case,
	frappe.ValidationError without a subject, for a case that was merged, and for messages of another one.
	"""
	doc = frappe.get_doc(CASE, case, for_update=True)
	doc.check_permission("write")
	_refuse_merged(doc)
	about = {"reference_doctype": CASE, "reference_name": case}
	known = frappe.get_all(
		"Communication", {**about, "name": ("in", list(messages) or [""])}, pluck="name", order_by="name asc"
	)
	for name in messages:
		if name not in known:
			frappe.throw(_("{0} is no message of {1}.").format(_bold(name), _bold(case)))
	new = frappe.new_doc(CASE)
	new.update({field: doc.get(field) for field in _SHARED})
	new.subject = subject
	new.state = case_states.find_state(case_states.OPEN) or doc.state
	new.set_on_server(split_from=doc.name)
	new.insert()
	# Files of a message are attached to it, and go with it.
	_refer("Communication", known, "reference_name", new.name)
	doc.add_comment("Info", _("split off {0}").format(new.name))
	return new.name


def _check(target: Document, sources: list[Document]) -> None:
	for one in (target, *sources):
		one.check_permission("write")
		_refuse_merged(one)
	for one in sources:
		# A case of nobody that we know may be anybody's; that of another account would show one account what
		# another one has said.
		if (one.customer or one.prospect) and _account_of(one) != _account_of(target):
			frappe.throw(
				_("{0} is of {1} and {2} of {3}. Only cases of the same account can be merged.").format(
					_bold(one.name), _bold(one.account_name), _bold(target.name), _bold(target.account_name)
				),
				title=_("Different accounts"),
			)


def _account_of(case: Document) -> tuple[str | None, str | None]:
	return case.customer or None, case.prospect or None


def _refuse_merged(case: Document) -> None:
	if case.merged_into:
		frappe.throw(_("{0} was merged into {1} already.").format(_bold(case.name), _bold(case.merged_into)))


def _move_belongings(source: str, target: str) -> None:
	for doctype, (type_field, name_field) in _BELONGINGS.items():
		filters = {type_field: CASE, name_field: source}
		if doctype == "Comment":
			filters["comment_type"] = ("in", ("Comment", "Attachment", "Attachment Removed"))
		_refer(
			doctype, frappe.get_all(doctype, filters, pluck="name", order_by="name asc"), name_field, target
		)
	# Those that were merged into it before.
	_refer(
		CASE,
		frappe.get_all(CASE, {"merged_into": source}, pluck="name", order_by="name asc"),
		"merged_into",
		target,
	)


def _refer(doctype: str, names: list[str], fieldname: str, target: str) -> None:
	"""Writes a reference past the controllers: the records themselves do not change."""
	if names:
		table = DocType(doctype)
		frappe.qb.update(table).set(table[fieldname], target).where(table.name.isin(names)).run()
	for name in names:
		frappe.clear_document_cache(doctype, name)


def _close_merged(case: Document, survivor: str) -> None:
	case.state = case_states.find_state(case_states.CLOSED) or case.state
	case.agent = None
	case.set_on_server(merged_into=survivor)
	# A case that could not be saved today is merged all the same; `_check` has asked.
	case.flags.ignore_mandatory = case.flags.ignore_links = True
	case.save(ignore_permissions=True)
	case.add_comment("Info", _("merged into {0}").format(survivor))


def _bold(text: str | None) -> str:
	return frappe.bold(as_html(text))
