"""The public form over HTTP: what a guest sends opens a case, once, and tells nothing of who is known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import frappe
import pytest

from cronus_crm.base.signed_keys import sign_key
from cronus_crm.cronus_service.portal import proof_of_work
from cronus_crm.cronus_service.solutions.test_solutions import make_solution
from tests.outside import API, ask, fill_form, forget_limits, make_contact, set_service, solve_challenge
from tests.scaffold import make_customer, unique

CASE = "Cronus Case"


@pytest.fixture(autouse=True)
def opened(site):
	forget_limits()
	set_service(public_form_enabled=1)
	frappe.db.commit()
	yield
	frappe.db.rollback()
	set_service(public_form_enabled=0)
	frappe.db.commit()


def send(server: str, sent: dict, files: list | None = None):
	return ask(server, f"{API}.contact_form.send", method="POST", data=sent, files=files or [])


def find_cases(email: str) -> list[str]:
	frappe.db.rollback()
	return frappe.get_all(CASE, {"contact_email": email}, pluck="name", order_by="name asc")


def test_a_form_opens_a_case_with_its_first_message_and_files(server):
	sent = fill_form(company="Taller Paz", phone="0991234567", case_type="Fault", **solve_challenge(server))
	content = frappe.utils.random_string(20)
	answer = send(server, sent, [("files", (f"../{content}.txt", content.encode()))])
	assert answer.status_code == 200
	(folio,) = find_cases(sent["email"])
	assert answer.json()["message"] == {"case": folio}
	case = frappe.get_doc(CASE, folio)
	assert (case.channel, case.category, case.account_kind) == ("Web form", "New", "Other")
	assert (case.account_name, case.contact_name, case.case_type) == ("Taller Paz", "Inés Paz", "Fault")
	assert case.last_from_them_on
	message = frappe.get_last_doc("Communication", {"reference_doctype": CASE, "reference_name": folio})
	assert message.content == "<p>Desde ayer.<br>No hace nada.</p><p>Gracias.</p>"
	assert (message.sent_or_received, message.sender) == ("Received", sent["email"])
	file = frappe.get_last_doc("File", {"attached_to_name": message.name})
	assert file.is_private
	assert file.get_content() == content
	assert "/" not in file.file_name


def test_a_form_that_is_sent_again_opens_no_other_case(server):
	sent = fill_form(**solve_challenge(server))
	first, second = send(server, sent), send(server, sent)
	assert first.json() == second.json()
	assert find_cases(sent["email"]) == [first.json()["message"]["case"]]
	# Nor with other words: a challenge opens one case.
	assert send(server, {**sent, "subject": "x"}).json() == first.json()


def test_of_two_at_once_one_opens_the_case(server):
	sent = fill_form(**solve_challenge(server))
	with ThreadPoolExecutor(4) as pool:
		answers = list(pool.map(lambda _number: send(server, sent), range(4)))
	assert {answer.status_code for answer in answers} == {200}
	assert len(find_cases(sent["email"])) == 1
	assert len({answer.json()["message"]["case"] for answer in answers}) == 1


def test_without_the_work_there_is_no_case(server):
	solved = solve_challenge(server)
	signed_elsewhere = sign_key("something else", {"jti": "x", "bits": 0}, timedelta(hours=1))
	for check in (
		{**solved, "number": "12"},
		{**solved, "number": "-1"},
		{**solved, "number": "9" * 300},
		{**solved, "challenge": solved["challenge"][:-3] + "abc"},
		{"challenge": signed_elsewhere, "number": "1"},
		{"challenge": "", "number": ""},
	):
		sent = fill_form(**check)
		answer = send(server, sent)
		assert answer.status_code == 417, check
		assert answer.json()["exc_type"] == "OutdatedCheckError"
		assert find_cases(sent["email"]) == []


def test_an_old_challenge_opens_no_case(server, monkeypatch):
	monkeypatch.setattr(proof_of_work, "LASTS", timedelta(seconds=-5))
	given = proof_of_work.make_challenge()
	number = proof_of_work.solve(given["challenge"], given["bits"])
	sent = fill_form(challenge=given["challenge"], number=number)
	assert send(server, sent).status_code == 417
	assert find_cases(sent["email"]) == []


@pytest.mark.parametrize(
	"field, value, says",
	[
		("contact_name", " ", "Please fill in"),
		("description", "", "Please fill in"),
		("email", "nobody", "is no e-mail address"),
		("email", "a@example.com, b@example.com", "is no e-mail address"),
		("subject", "x" * 141, "141 characters"),
		("description", "x" * 10_001, "10001 characters"),
		("case_type", "Something else", "one of the types"),
	],
)
def test_what_is_wrong_is_told_and_opens_no_case(server, field, value, says):
	sent = fill_form(**{**solve_challenge(server), field: value})
	answer = send(server, sent)
	assert answer.status_code == 417
	assert says in answer.text
	assert not frappe.db.exists(CASE, {"subject": sent["subject"]})
	# Nothing is lost: mended, it is sent with the same challenge.
	assert send(server, {**sent, field: fill_form(case_type="")[field]}).status_code == 200


@pytest.mark.parametrize(
	"name, content, says",
	[
		("x.exe", b"MZ", "cannot be sent"),
		("x.svg", b"<svg onload='alert(1)'/>", "cannot be sent"),
		("x.html", b"<script>alert(1)</script>", "cannot be sent"),
		("x", b"x", "cannot be sent"),
		("x.png", b"<script>alert(1)</script>", "cannot be read"),
		("x.pdf", b"MZ", "cannot be read"),
		("x.txt", b"a\0b", "cannot be read"),
		("x.txt", b"", "cannot be read"),
		("x.txt", b"x" * (5 * 1024 * 1024 + 1), "too large"),
	],
)
def test_files_are_of_few_kinds_and_sizes(server, name, content, says):
	sent = fill_form(**solve_challenge(server))
	answer = send(server, sent, [("files", (name, content))])
	assert answer.status_code == 417
	assert says in answer.text
	assert find_cases(sent["email"]) == []


def test_six_files_are_too_many(server):
	sent = fill_form(**solve_challenge(server))
	files = [("files", (f"{number}.txt", b"x")) for number in range(6)]
	assert "6 files" in send(server, sent, files).text
	assert send(server, sent, files[:5]).status_code == 200


def test_the_account_is_found_by_the_address_and_the_answer_does_not_tell(server):
	email = f"{frappe.generate_hash(length=8)}@example.com"
	customer = make_customer()
	contact = make_contact(customer.name, email)
	frappe.db.commit()
	known = send(server, fill_form(email=email.upper(), **solve_challenge(server)))
	unknown = send(server, fill_form(**solve_challenge(server)))
	assert known.json().keys() == unknown.json().keys() == {"message"}
	assert known.json()["message"].keys() == unknown.json()["message"].keys() == {"case"}
	assert {*known.headers} == {*unknown.headers}
	case = frappe.get_doc(CASE, known.json()["message"]["case"])
	assert (case.customer, case.contact, case.account_kind) == (customer.name, contact.name, "Customer")


def test_an_address_of_two_accounts_is_of_none(server):
	email = f"{frappe.generate_hash(length=8)}@example.com"
	for _account in range(2):
		make_contact(make_customer().name, email)
	frappe.db.commit()
	answer = send(server, fill_form(email=email, **solve_challenge(server)))
	assert frappe.db.get_value(CASE, answer.json()["message"]["case"], "customer") is None


def test_what_is_sent_does_not_run(server):
	evil = "<img src=x onerror=alert(1)>"
	sent = fill_form(contact_name=evil, company=evil, description=evil, **solve_challenge(server))
	folio = send(server, sent).json()["message"]["case"]
	case = frappe.get_doc(CASE, folio)
	assert "<img" not in case.description
	message = frappe.get_last_doc("Communication", {"reference_name": folio})
	assert "<img" not in message.content


def test_public_solutions_are_proposed_and_no_others(server):
	token = "qx" + frappe.generate_hash(length=8).translate(str.maketrans("0123456789", "ghijklmnop"))
	public, internal = (make_solution(f"¿Qué es {token}?", state) for state in ("Public", "Internal"))
	frappe.db.commit()
	answer = ask(server, f"{API}.contact_form.propose", method="POST", data={"subject": f"problema {token}"})
	assert public.name.lower() in answer.text
	assert internal.name.lower() not in answer.text
	for solution in (public, internal):
		solution.delete()


def test_while_the_form_is_not_offered_there_is_none(server):
	sent = fill_form(**solve_challenge(server))
	assert ask(server, "/service-request").status_code == 200
	set_service(public_form_enabled=0)
	frappe.db.commit()
	assert ask(server, "/service-request").status_code == 404
	for method in ("get_challenge", "propose", "send"):
		answer = ask(server, f"{API}.contact_form.{method}", method="POST", data=sent)
		assert answer.status_code == 404, method
	assert find_cases(sent["email"]) == []


def test_many_from_one_address_are_refused(server):
	sent = fill_form(challenge="x", number="1")
	codes = [send(server, sent).status_code for _time in range(31)]
	assert set(codes[:30]) == {417}
	assert codes[30] == 429


def test_the_page_says_what_it_needs_without_javascript_and_loads_nothing_from_outside(server):
	page = ask(server, "/service-request").text
	assert "<noscript>" in page and "needs JavaScript" in page
	body = page[page.index('class="cronus-outside"') :].partition("</main>")[0]
	for attribute in ('src="http', "src='http", 'href="http'):
		assert attribute not in body.replace(f'href="{server}', "")


def test_types_that_are_not_offered_are_no_choice(server):
	kind = frappe.get_doc({"doctype": "Cronus Case Type", "type_name": unique("Inside")}).insert()
	frappe.db.commit()
	assert kind.name not in ask(server, "/service-request").text
	answer = send(server, fill_form(case_type=kind.name, **solve_challenge(server)))
	assert answer.status_code == 417
	kind.delete()
	frappe.db.commit()
