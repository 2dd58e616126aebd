"""Users of the CRM, made by its administrator, who has no right to users otherwise.

Whoever is a user already keeps name, password and all roles, and may get a role of the CRM. A user who
manages the system is changed by another one only.
"""

import secrets

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import validate_email_address

from cronus_crm.first_day import guide

# What a row of the table may say, and the roles that the user gets. No role beyond the CRM's.
ROLES = {
	"Seller": ("Cronus Seller",),
	"Sales manager": ("Cronus Seller", "Cronus Sales Manager"),
	"Billing": ("Cronus Billing User",),
	"Service": ("Cronus Service Agent",),
	"Service lead": ("Cronus Service Agent", "Cronus Service Lead"),
	"Management": ("Cronus Dashboard Viewer",),
	"Administrator": ("Cronus Administrator",),
}
# Those who have customers of their own, or a team.
SELLING = ("Seller", "Sales manager")

# Without letters and digits that are taken for each other when somebody types them.
_ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def read_email(text) -> str:
	"""The address of a row, in lower case.

	Raises frappe.ValidationError for what is no address.
	"""
	email = guide.clean_text(text, _("E-mail"), required=True).lower()
	if validate_email_address(email) != email:
		frappe.throw(
			_("{0} is not an e-mail address. Correct it.").format(
				frappe.bold(frappe.utils.escape_html(email))
			)
		)
	return email


def find_user(email: str) -> str | None:
	"""The name of the user with an address; None where there is none."""
	return frappe.db.get_value("User", {"name": email}) or frappe.db.get_value("User", {"email": email})


def check_user(user: str) -> None:
	"""Raises frappe.ValidationError or frappe.PermissionError for an existing user to whom this table gives
	nothing."""
	if user in ("Administrator", "Guest"):
		frappe.throw(
			_("This address belongs to the user {0}, who cannot sell. Write another one.").format(user)
		)
	if not frappe.db.get_value("User", user, "enabled"):
		frappe.throw(_("The user {0} is disabled. A System Manager can enable it.").format(frappe.bold(user)))
	manages = guide.SYSTEM_MANAGER in frappe.get_roles(user)
	if manages and guide.SYSTEM_MANAGER not in frappe.get_roles():
		frappe.throw(
			_("{0} is a System Manager, whom only another one may change. Ask them for the role.").format(
				frappe.bold(user)
			),
			frappe.PermissionError,
		)


def add_roles(user: str, roles: tuple[str, ...]) -> bool:
	"""Gives roles to an existing user; True when one was missing. Nothing else of the user changes."""
	doc = frappe.get_doc("User", user)
	missing = [role for role in roles if role not in [row.role for row in doc.roles]]
	for role in missing:
		doc.append("roles", {"role": role})
	if missing:
		# The role of the session's user has been asked by `guide.require_guide_role`, the user by
		# `check_user`.
		doc.save(ignore_permissions=True)
	return bool(missing)


def make_user(email: str, full_name: str, roles: tuple[str, ...]) -> tuple[Document, str | None]:
	"""Inserts a user. Gives back the user, and a password, which is kept nowhere; None where the site sends a
	mail by which the user chooses one."""
	first_name, _space, last_name = full_name.partition(" ")
	sends = bool(guide.find_outgoing_account())
	password = None if sends else make_password()
	user = frappe.new_doc("User")
	user.update(
		{
			"email": email,
			"first_name": first_name,
			"last_name": last_name,
			"send_welcome_email": int(sends),
			"new_password": password,
			# Derived from the roles by the framework, which on some versions makes System Manager of the
			# first desk user of a site.
			"user_type": "Website User",
			"roles": [{"role": role} for role in roles],
		}
	)
	# The role of the session's user has been asked by `guide.require_guide_role`; roles are those of ROLES.
	user.insert(ignore_permissions=True)
	given = {row.role for row in user.roles}
	if given != set(roles):
		user.set("roles", [{"role": role} for role in roles])
		user.save(ignore_permissions=True)  # as above
	return user, password


def make_password() -> str:
	"""A password that is read aloud and typed without mistakes, of 91 bits."""
	groups = (
		"".join(secrets.choice(_ALPHABET) for _letter in range(_GROUP_LENGTH)) for _group in range(_GROUPS)
	)
	return "-".join(groups)
