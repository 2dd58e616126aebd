"""The guide of a company's first day: its six steps, which of them are done, and who may walk it.

A step is done when what it brings about is there, however it came about; so the guide is resumed wherever
somebody left it, and nothing has to be kept. What is skipped is kept in the table of default values, and that
somebody has practised, since nothing is left of a practice.
"""

from collections.abc import Callable

import frappe
from frappe import _

from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE

SETTINGS = "Cronus CRM Settings"
SYSTEM_MANAGER = "System Manager"
DEFAULTS_PARENT = "cronus_first_day"
ONBOARDING_STEP = "Cronus Company Guide"
# A default value: the practice proforma was issued once.
PRACTISED = "practised"


def _has_company() -> bool:
	return bool(_setting("company_name") and _setting("currency") and frappe.get_system_settings("country"))


def _has_tax() -> bool:
	return bool(_setting("default_tax"))


def _has_sellers() -> bool:
	return bool(frappe.db.exists("Cronus Seller", {"user": ("is", "set"), "enabled": 1}))


def _has_records() -> bool:
	practice = frappe.defaults.get_defaults(DEFAULTS_PARENT).get("practice_customer") or ""
	has_customer = frappe.db.exists("Cronus Customer", {"name": ("!=", practice)})
	return bool(has_customer and frappe.db.exists("Cronus Product", {"disabled": 0}))


def _has_mail() -> bool:
	return bool(find_outgoing_account())


def _has_proforma() -> bool:
	"""Also when it was one to practise with, and has been removed."""
	kept = frappe.defaults.get_defaults(DEFAULTS_PARENT).get(PRACTISED)
	return bool(kept or frappe.db.exists("Proforma", {"docstatus": 1}))


# In their order: name, and whether it is done.
STEPS: dict[str, Callable[[], bool]] = {
	"company": _has_company,
	"tax": _has_tax,
	"sellers": _has_sellers,
	"records": _has_records,
	"mail": _has_mail,
	"practice": _has_proforma,
}


def require_guide_role() -> None:
	"""Raises frappe.PermissionError unless the session's user administers the CRM.

	Not `frappe.only_for`, which lets everybody pass while tests run.
	"""
	if frappe.session.user != "Administrator" and ADMINISTRATOR_ROLE not in frappe.get_roles():
		frappe.throw(
			_("Only a user with the role {0} sets up the company.").format(
				frappe.bold(_(ADMINISTRATOR_ROLE))
			),
			frappe.PermissionError,
		)


def may_take_role() -> bool:
	"""True for a System Manager who does not administer the CRM yet."""
	roles = frappe.get_roles()
	return (
		frappe.session.user != "Administrator" and SYSTEM_MANAGER in roles and ADMINISTRATOR_ROLE not in roles
	)


def take_role() -> None:
	"""Gives the role Cronus Administrator to the session's user, who is a System Manager and may give it to
	anybody.

	Raises frappe.PermissionError for other users.
	"""
	if SYSTEM_MANAGER not in frappe.get_roles():
		frappe.throw(_("Only a System Manager may take this role."), frappe.PermissionError)
	user = frappe.get_doc("User", frappe.session.user)
	if ADMINISTRATOR_ROLE not in [row.role for row in user.roles]:
		user.append("roles", {"role": ADMINISTRATOR_ROLE})
		user.save()


def list_steps() -> list[dict[str, str]]:
	"""The steps in their order: `name`, and `state`, which is done, skipped, next (the first open one) or
	open."""
	kept = frappe.defaults.get_defaults(DEFAULTS_PARENT)
	steps, next_is_known = [], False
	for name, is_done in STEPS.items():
		state = "done" if is_done() else "skipped" if kept.get(f"skipped_{name}") else "open"
		if state == "open" and not next_is_known:
			state, next_is_known = "next", True
		steps.append({"name": name, "state": state})
	_sync_onboarding(all(step["state"] in ("done", "skipped") for step in steps))
	return steps


def _sync_onboarding(is_complete: bool) -> None:
	"""Tells the onboarding of the workspace whether the guide is done. It marks a step as soon as it is
	opened."""
	kept = frappe.db.get_value("Onboarding Step", ONBOARDING_STEP, "is_complete")
	if kept is not None and bool(kept) != is_complete:
		frappe.db.set_value("Onboarding Step", ONBOARDING_STEP, "is_complete", int(is_complete))


def close_onboarding() -> None:
	"""Hides the onboarding of a site on which people work already: a patch calls this."""
	if _has_proforma():
		frappe.db.set_value("Module Onboarding", "Cronus CRM", "is_complete", 1)


def skip_step(step: str, skipped: bool) -> list[dict[str, str]]:
	"""Skips a step, or takes that back; gives back the steps.

	Raises frappe.ValidationError for a step that does not exist.
	"""
	require_guide_role()
	if step not in STEPS:
		frappe.throw(
			_("There is no such step: {0}.").format(frappe.bold(frappe.utils.escape_html(str(step)[:140])))
		)
	frappe.defaults.clear_default(f"skipped_{step}", parent=DEFAULTS_PARENT)
	if skipped:
		frappe.defaults.add_default(f"skipped_{step}", "1", DEFAULTS_PARENT)
	return list_steps()


def list_names(doctype: str) -> list[str]:
	"""The names of a list of the framework to choose from. The role has been asked."""
	return frappe.get_all(doctype, pluck="name", order_by="name asc", limit=0)


def find_outgoing_account() -> str | None:
	"""The account by which the site sends mail; None where there is none."""
	return frappe.db.get_value("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}, "name")


def clean_text(value, label: str, length: int = 140, required: bool = False) -> str:
	"""A text that a user has typed, without spaces around it.

	label: of the field, for the message. Raises frappe.ValidationError for markup, for a text that is too
	long, and for none where it is required.
	"""
	text = " ".join(str(value or "").split())
	if required and not text:
		frappe.throw(_("{0} is missing. Fill it in.").format(label), frappe.MandatoryError)
	if len(text) > length:
		frappe.throw(_("{0} is longer than {1} characters. Shorten it.").format(label, length))
	if any(sign in text for sign in "<>"):
		frappe.throw(_("{0} may not hold the signs < and >. Write it without them.").format(label))
	return text


def _setting(fieldname: str):
	return frappe.db.get_single_value(SETTINGS, fieldname)
