"""The page on which a case is rated, over HTTP: opening it records nothing."""

import frappe
import pytest

from cronus_crm.cronus_service.portal import rating_links
from tests.outside import API, ask, forget_limits
from tests.scaffold import make_case

CASE = "Cronus Case"


@pytest.fixture
def case(site):
	forget_limits()
	case = make_case(
		subject="Impresora <b>de etiquetas</b>", contact_email="olga@example.com", state="Solved"
	)
	frappe.db.commit()
	return case


def read_rating(case) -> tuple:
	frappe.db.rollback()
	return frappe.db.get_value(CASE, case.name, ["rating", "rating_comment", "modified"])


def test_a_program_that_opens_the_link_rates_nothing(server, case):
	key, before = rating_links.make_key(case.name), read_rating(case)
	for path in (f"/rate-case?key={key}", f"/rate-case?key={key}&rating=1", f"/rate_case?key={key}&rating=1"):
		for method in ("GET", "HEAD"):
			assert ask(server, path, method=method).status_code == 200
	assert ask(server, f"{API}.contact_form.rate?key={key}&rating=1").status_code in (403, 405)
	assert read_rating(case) == before


def test_a_guest_rates_by_the_link(server, case):
	key = rating_links.make_key(case.name)
	page = ask(server, f"/rate-case?key={key}").text
	assert case.name in page and "<b>de etiquetas" not in page
	data = {"key": key, "rating": 4, "comment": "Bien"}
	assert ask(server, f"{API}.contact_form.rate", method="POST", data=data).status_code == 200
	assert read_rating(case)[:2] == (4, "Bien")
	assert (
		ask(server, f"{API}.contact_form.rate", method="POST", data={**data, "rating": 9}).status_code == 417
	)


def test_a_later_answer_is_refused_kindly(server, case):
	key = rating_links.make_key(case.name)
	rating_links.rate(key, 2)
	# Past the totals, which do not count this day.
	frappe.db.set_value(CASE, case.name, "rated_on", "2020-01-01 10:00:00")
	frappe.db.commit()
	page = ask(server, f"/rate-case?key={key}").text
	assert "cannot be changed any more" in page and 'name="rating"' not in page
	answer = ask(server, f"{API}.contact_form.rate", method="POST", data={"key": key, "rating": 5})
	assert answer.status_code == 417 and "Thank you" in answer.text
	assert read_rating(case)[0] == 2


@pytest.mark.parametrize("key", ["", "x", "a.b.c", "<script>alert(1)</script>"])
def test_a_wrong_link_says_so(server, key):
	answer = ask(server, "/rate-case", params={"key": key})
	assert "This link has ended" in answer.text
	assert "<script>alert(1)" not in answer.text
	assert (
		ask(server, f"{API}.contact_form.rate", method="POST", data={"key": key, "rating": 5}).status_code
		== 404
	)
