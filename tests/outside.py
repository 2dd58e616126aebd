"""People without a place in the desk, for the tests of the public form and of the portal."""

from functools import cache

import frappe
import requests

from cronus_crm.cronus_service.portal.proof_of_work import solve
from tests.scaffold import make_customer, unique
from tests.visibility.clients import make_api_key

SETTINGS = "Cronus Service Settings"
API = "/api/method/cronus_crm.api"


def set_service(**values) -> None:
	"""Changes settings of the service, as an administrator does."""
	frappe.get_doc(SETTINGS).update(values).save()


def make_contact(customer: str | None = None, email: str | None = None, **fields):
	"""A contact of a customer. email: as that of a website user, who is the contact by it."""
	return frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": unique("Contact"),
			"email_ids": [{"email_id": email, "is_primary": 1}] if email else [],
			"links": [{"link_doctype": "Cronus Customer", "link_name": customer}] if customer else [],
			**fields,
		}
	).insert()


def make_website_user(language: str = "en", password: str | None = None) -> str:
	"""A user who has no role, and so no desk; gives back the name, which is the e-mail."""
	email = f"w{frappe.generate_hash(length=10)}@example.com"
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": email.split("@")[0],
			"user_type": "Website User",
			"language": language,
			"send_welcome_email": 0,
			"enabled": 1,
		}
	)
	frappe.conf.throttle_user_limit = 100_000
	if password:
		user.new_password = password
		user.flags.ignore_password_policy = True
	user.insert()
	return email


def make_person(customer: str | None = None, **fields) -> str:
	"""A website user who is a contact of a customer; gives back the name of the user."""
	user = make_website_user()
	make_contact(customer or make_customer().name, user, **fields)
	return user


def forget_limits() -> None:
	"""So that the tests, which come from one address, may ask more often than people."""
	frappe.cache.delete_keys("rl:")


@cache
def _find_key(user: str) -> str:
	key = make_api_key(user)
	frappe.db.commit()
	return key


def ask(server: str, path: str, user: str | None = None, method: str = "GET", **options) -> requests.Response:
	"""An answer to a user, or to a guest. options: of `requests.request`."""
	headers = {"Accept-Language": "en", **options.pop("headers", {})}
	if user:
		headers["Authorization"] = f"token {_find_key(user)}"
	return requests.request(method, f"{server}{path}", headers=headers, timeout=60, **options)


def solve_challenge(server: str) -> dict[str, str]:
	"""What a browser finds out before it sends the form."""
	given = ask(server, f"{API}.contact_form.get_challenge", method="POST").json()["message"]
	return {"challenge": given["challenge"], "number": solve(given["challenge"], given["bits"])}


def fill_form(**fields) -> dict[str, str]:
	return {
		"contact_name": "Inés Paz",
		"email": f"{frappe.generate_hash(length=8)}@example.com",
		"subject": unique("No imprime"),
		"description": "Desde ayer.\nNo hace nada.\n\nGracias.",
		**fields,
	}
