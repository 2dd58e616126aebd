"""Of eight who are let in at the same moment, as many get a seat as there are. By real requests."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import frappe
import pytest
import requests

from cronus_crm.seats import seat_table
from cronus_crm.seats.test_seats import make_profile, new_user, set_free_seats, set_limit, with_profile
from tests.scaffold import SELLER, VIEWER
from tests.visibility.clients import make_api_key

EIGHT = 8


@pytest.fixture
def ask(site, server):
	"""Sends a request as a System Manager; gives back status and text."""
	manager = new_user("System Manager").insert().name
	headers = {"Authorization": f"token {make_api_key(manager)}"}
	frappe.db.commit()

	def send(verb: str, path: str, **values) -> tuple[int, str]:
		answer = requests.request(
			verb, f"{server}/api/resource/{path}", json=values, headers=headers, timeout=120
		)
		return answer.status_code, answer.text

	yield send
	frappe.db.rollback()
	set_limit(0)
	frappe.db.commit()


def all_at_once(send, requests_: list[tuple[str, str, dict]]) -> Counter:
	with ThreadPoolExecutor(EIGHT) as pool:
		answers = list(pool.map(lambda each: send(each[0], each[1], **each[2]), requests_))
	for status, text in answers:
		assert status == 200 or "cannot be let into" in text, text
	frappe.db.rollback()
	return Counter(status for status, _text in answers)


def taken() -> int:
	return len(seat_table.list_holders("Cronus CRM"))


def test_eight_new_users_get_three_seats(ask):
	limit = set_free_seats(3)
	frappe.db.commit()
	users = [new_user(SELLER).as_dict() for _user in range(EIGHT)]
	fields = ("email", "first_name", "send_welcome_email", "roles")
	sent = [
		("POST", "User", {key: user[key] for key in fields if key != "roles"} | {"roles": [{"role": SELLER}]})
		for user in users
	]
	assert all_at_once(ask, sent) == {200: 3, 417: 5}
	assert taken() == limit


@pytest.mark.parametrize("way", ["role", "enabled", "profile"])
def test_eight_users_who_are_there_get_three_seats(ask, way):
	if way == "enabled":
		users = [new_user(SELLER, enabled=0).insert().name for _user in range(EIGHT)]
		values = {"enabled": 1}
	else:
		users = [new_user().insert().name for _user in range(EIGHT)]
		values = {"roles": [{"role": SELLER}]} if way == "role" else with_profile(make_profile(SELLER))
	limit = set_free_seats(3)
	frappe.db.commit()
	assert all_at_once(ask, [("PUT", f"User/{user}", values) for user in users]) == {200: 3, 417: 5}
	assert taken() == limit


def test_eight_profiles_are_given_a_role_for_which_there_are_three_seats(ask):
	profiles = [make_profile(VIEWER) for _profile in range(EIGHT)]
	for profile in profiles:
		new_user(**with_profile(profile)).insert()
	limit = set_free_seats(3)
	frappe.db.commit()
	values = {"roles": [{"role": VIEWER}, {"role": SELLER}]}
	sent = [("PUT", f"Role Profile/{profile.name}", values) for profile in profiles]
	assert all_at_once(ask, sent) == {200: 3, 417: 5}
	assert taken() == limit
