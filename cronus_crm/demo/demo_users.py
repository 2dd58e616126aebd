"""Users of the demo and of loaded pipelines, with e-mail addresses of a reserved domain; their passwords."""

from collections.abc import Iterable
from pathlib import Path

import frappe
from frappe import _
from frappe.core.doctype.user.user import test_password_strength
from frappe.model.document import Document

from cronus_crm.demo.demo_error import DemoError
from cronus_crm.demo.email_addresses import make_email_address


def make_user(
	full_name: str,
	roles: Iterable[str],
	language: str | None = None,
	password: str | None = None,
	email: str | None = None,
) -> Document:
	"""Inserts a user: of the desk with a role that has one, else of the website.

	language: that of the site by default. password: without one the user cannot log in. email: by default
	one that follows from the name.
	"""
	first_name, _space, last_name = full_name.partition(" ")
	user = frappe.new_doc("User")
	user.update(
		{
			"email": email or make_email_address(full_name),
			"first_name": first_name,
			"last_name": last_name,
			"language": language,
			"send_welcome_email": 0,
			# The framework makes System Manager of the first desk user of a site that has no other. It
			# decides that before it derives this type from the roles.
			"user_type": "Website User",
		}
	)
	for role in roles:
		user.append("roles", {"role": role})
	if password:
		user.new_password = password
	user.insert()
	return user


def read_password(path: str) -> str:
	"""The first line of a file.

	Raises DemoError when it cannot be read or is empty.
	"""
	try:
		lines = Path(path).read_text(encoding="utf-8").splitlines()
	except (OSError, UnicodeDecodeError) as error:
		raise DemoError(_("The password file {0} cannot be read: {1}").format(path, error)) from error
	if not lines or not lines[0].strip():
		raise DemoError(
			_("The password file {0} is empty. Write the password on its first line.").format(path)
		)
	return lines[0].strip()


def refuse_easy_password(password: str) -> None:
	"""Checks a password against the site's policy, so that the demo fails before anything is written.

	Raises DemoError with the suggestions of the policy.
	"""
	verdict = test_password_strength(password).get("feedback")
	if verdict and not verdict.get("password_policy_validation_passed"):
		advice = " ".join([verdict.get("warning") or "", *verdict.get("suggestions", ())]).strip()
		raise DemoError(_("The password is too easy to guess. {0}").format(advice))
