"""Sellers and their users in one table: one row each, errors by row, and nobody taken over."""

import frappe
import pytest
from frappe.utils.password import check_password

from cronus_crm.first_day import seller_table
from tests.scaffold import ADMINISTRATOR, MANAGER, SELLER, make_seller, make_user, unique

SYSTEM_MANAGER = "System Manager"


@pytest.fixture(autouse=True)
def administrator(site):
	user = make_user(ADMINISTRATOR)
	frappe.conf.throttle_user_limit = 100_000
	frappe.db.set_value("Email Account", {"default_outgoing": 1}, "default_outgoing", 0)
	frappe.set_user(user)
	return user


def row(name: str | None = None, **fields) -> dict:
	name = name or unique("Persona")
	email = f"{frappe.generate_hash(length=10)}@example.com"
	return {"name": name, "email": email, "role": "Seller", "reports_to": "", **fields}


def save(*rows: dict) -> list[dict]:
	return seller_table.save_people(list(rows))


def roles_of(user: str) -> set[str]:
	return set(frappe.get_all("Has Role", {"parent": user, "parenttype": "User"}, pluck="role"))


def test_a_team_is_made_whatever_the_order_of_its_rows():
	chief = row(role="Sales manager")
	seller = row(reports_to=chief["name"])
	billing = row(role="Billing")
	of_seller, of_chief, of_billing = save(seller, chief, billing)
	assert [each["outcome"] for each in (of_seller, of_chief, of_billing)] == ["created"] * 3
	made = frappe.get_doc("Cronus Seller", seller["name"])
	assert (made.user, made.parent_cronus_seller) == (seller["email"], chief["name"])
	assert roles_of(seller["email"]) == {SELLER}
	assert roles_of(chief["email"]) == {SELLER, MANAGER}
	assert roles_of(billing["email"]) == {"Cronus Billing User"}
	assert of_billing["seller"] is None
	assert frappe.db.get_value("User", seller["email"], "user_type") == "System User"
	# The passwords are told once, and they work.
	assert check_password(seller["email"], of_seller["password"])
	# Two of one first name: the framework would tell that it has chosen another user name.
	save(row(name="Zoe Uno"), row(name="Zoe Dos"))
	assert not frappe.local.message_log
	assert of_seller["password"] != of_chief["password"]


def test_again_makes_nobody_twice_and_tells_no_password():
	chief, seller = row(role="Sales manager"), row()
	save(chief, seller)
	again = save(chief, seller)
	assert [each["outcome"] for each in again] == ["unchanged"] * 2
	assert [each["password"] for each in again] == [None, None]
	(changed,) = save({**seller, "reports_to": chief["name"]})
	assert changed["outcome"] == "changed"
	assert frappe.db.get_value("Cronus Seller", seller["name"], "parent_cronus_seller") == chief["name"]
	assert frappe.db.count("Cronus Seller", {"user": seller["email"]}) == 1


def test_a_wrong_row_says_why_and_the_others_are_saved():
	good, double = row(), row()
	double["email"] = good["email"].upper()
	wrong = [
		row(email="no es correo"),
		row(name="<b>Ana</b>"),
		row(role="System Manager"),
		row(reports_to="Nadie"),
		{**row(), "name": ""},
		double,
	]
	outcomes = save(good, *wrong, {"name": "", "email": " "})
	assert [each["outcome"] for each in outcomes] == ["created", *["error"] * len(wrong), "empty"]
	assert all(each["message"] and "<" not in each["message"] for each in outcomes[1:-1])
	assert not frappe.local.message_log
	assert not frappe.db.exists("User", wrong[1]["email"])


def test_circles_are_refused():
	first, second = row(), row()
	outcomes = save({**first, "reports_to": second["name"]}, {**second, "reports_to": first["name"]})
	assert "error" in [each["outcome"] for each in outcomes]
	save(first, second)
	save({**first, "reports_to": second["name"]})
	(circle,) = save({**second, "reports_to": first["name"]})
	assert circle["outcome"] == "error"


@pytest.mark.parametrize("role", ["Seller", "Administrator"])
def test_a_system_manager_is_not_touched(role):
	frappe.set_user("Administrator")
	victim = make_user(SYSTEM_MANAGER, password="una-clave-larga-82")
	caller = make_user(ADMINISTRATOR)
	frappe.set_user(caller)
	(outcome,) = save(row(email=victim, role=role))
	assert (outcome["outcome"], outcome["password"]) == ("error", None)
	assert roles_of(victim) == {SYSTEM_MANAGER}
	assert check_password(victim, "una-clave-larga-82")
	assert not frappe.db.exists("Cronus Seller", {"user": victim})


def test_the_administrator_is_nobody_to_take_over():
	address = frappe.db.get_value("User", "Administrator", "email")
	for email in filter(None, ("administrator@", address, "guest@example.com")):
		(outcome,) = save(row(email=email))
		assert outcome["outcome"] == "error"
	assert not frappe.db.exists("Cronus Seller", {"user": ("in", ("Administrator", "Guest"))})


def test_who_is_a_user_keeps_name_password_and_roles():
	frappe.set_user("Administrator")
	user = make_user("Cronus Billing User", password="una-clave-larga-82")
	name = frappe.db.get_value("User", user, "first_name")
	frappe.set_user(make_user(ADMINISTRATOR))
	(outcome,) = save(row(email=user))
	assert (outcome["outcome"], outcome["password"], outcome["mailed"]) == ("changed", None, False)
	assert roles_of(user) == {"Cronus Billing User", SELLER}
	assert frappe.db.get_value("User", user, "first_name") == name
	assert check_password(user, "una-clave-larga-82")


def test_a_disabled_user_and_a_name_in_use_are_told():
	user, seller = make_user(SELLER), make_seller()
	frappe.db.set_value("User", user, "enabled", 0)
	disabled, taken = save(row(email=user), row(name=seller.name))
	assert "disabled" in disabled["message"]
	assert seller.user in taken["message"]


@pytest.mark.parametrize("role", [SELLER, MANAGER, "Cronus Billing User", SYSTEM_MANAGER])
def test_only_administrators_of_the_crm_have_the_table(role):
	frappe.set_user("Administrator")
	frappe.set_user(make_user(role))
	with pytest.raises(frappe.PermissionError):
		save(row())


def test_what_is_no_table_is_refused():
	for rows in ("x", {"a": 1}, [1], ["x"], [row()] * 101):
		with pytest.raises(frappe.ValidationError):
			seller_table.save_people(rows)


def test_where_mail_is_sent_nobody_sees_a_password():
	frappe.set_user("Administrator")
	account = frappe.new_doc("Email Account")
	account.update({"email_id": "ventas@example.com", "smtp_server": "localhost", "enable_outgoing": 1})
	account.default_outgoing = 1
	account.insert(ignore_permissions=True)
	frappe.set_user(make_user(ADMINISTRATOR))
	(outcome,) = save(row())
	assert (outcome["outcome"], outcome["password"], outcome["mailed"]) == ("created", None, True)
	# It waits in the queue, because sending commits.
	(mail,) = frappe.get_all("Email Queue Recipient", {"recipient": outcome["user"]}, pluck="parent")
	assert frappe.db.get_value("Email Queue", mail, "status") == "Not Sent"
