"""Answers, messages and notes: what each is, and what it does to the case."""

import frappe
import pytest

from cronus_crm.api import cases as api
from cronus_crm.cronus_service.cases import conversation
from tests.scaffold import AGENT, BILLING, make_case, make_customer, make_seller, make_user

CASE = "Cronus Case"


@pytest.fixture
def case(site):
	return make_case(make_customer(make_seller().name).name, contact_email="rosa@example.com")


@pytest.fixture
def agent(case):
	user = make_user(AGENT)
	frappe.set_user(user)
	return user


def make_file(case: str, name: str = "foto.txt"):
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"content": frappe.generate_hash(),
			"is_private": 1,
			"attached_to_doctype": CASE,
			"attached_to_name": case,
		}
	).insert(ignore_permissions=True)


def test_an_answer_is_a_message_and_a_note_is_a_comment(case, agent):
	answer = api.answer(case.name, "<p>Ya lo revisamos</p>")["message"]
	note = api.add_note(case.name, "No prometer fecha")["note"]
	stored = frappe.get_doc("Communication", answer)
	assert (stored.sent_or_received, stored.communication_type) == ("Sent", "Communication")
	assert (stored.recipients, stored.reference_name) == ("rosa@example.com", case.name)
	assert frappe.db.get_value("Comment", note, ["comment_type", "content"]) == (
		"Comment",
		"No prometer fecha",
	)
	assert [(row["kind"], row["name"]) for row in api.list_conversation(case.name)] == [
		("answer", answer),
		("note", note),
	]


def test_nothing_that_goes_out_holds_a_note(case, agent):
	before = frappe.db.count("Email Queue")
	api.add_note(case.name, "secreto interno")
	api.answer(case.name, "Buenos días")
	out = frappe.get_all("Communication", {"reference_name": case.name}, ["content", "subject"])
	assert not [row for row in out if "secreto" in (row.content + row.subject)]
	assert frappe.db.count("Email Queue") == before


def test_an_answer_takes_the_case_and_waits_for_them(case, agent):
	api.answer(case.name, "¿Qué modelo es?")
	case.reload()
	assert (case.category, case.agent) == ("Waiting for them", agent)
	assert case.last_from_us_on and case.waiting_since


def test_an_answer_may_solve_the_case(case, agent):
	api.answer(case.name, "Ya está", state="Solved")
	assert case.reload().category == "Solved"
	with pytest.raises(frappe.ValidationError):
		api.answer(case.name, "Ya está", state="No such state")


def test_what_they_say_makes_the_case_wait_for_us(case, agent):
	api.answer(case.name, "¿Qué modelo es?")
	message = api.record_message(case.name, "El <b>A-20</b>", channel="WhatsApp")["message"]
	case.reload()
	assert (case.category, bool(case.last_from_them_on), case.waiting_since) == ("Waiting for us", True, None)
	assert frappe.db.get_value("Communication", message, "communication_medium") == "Chat"
	with pytest.raises(frappe.ValidationError, match="is no channel"):
		api.record_message(case.name, "x", channel="Paloma")


def test_a_message_bears_the_name_of_the_contact_as_people_write_it(case):
	email = f"{frappe.generate_hash(length=8)}@example.com"
	contact = {"doctype": "Contact", "first_name": "Raúl", "last_name": "Carrión"}
	frappe.get_doc({**contact, "email_ids": [{"email_id": email, "is_primary": 1}]}).insert()
	message = api.record_message(case.name, "Sigue igual", sender=email)["message"]
	assert frappe.db.get_value("Communication", message, "sender_full_name") == "Raúl Carrión"


def test_a_message_of_the_framework_moves_the_case_too(case):
	"""As the form, the API of the framework and an Email Account insert it."""
	for direction, category in (
		("Received", "New"),
		("Sent", "Waiting for them"),
		("Received", "Waiting for us"),
	):
		frappe.get_doc(
			{
				"doctype": "Communication",
				"communication_type": "Communication",
				"sent_or_received": direction,
				"subject": "x",
				"content": "x",
				"reference_doctype": CASE,
				"reference_name": case.name,
			}
		).insert(ignore_permissions=True)
		assert case.reload().category == category


@pytest.mark.parametrize("text", ["", "   ", "<p><br></p>", None, 5])
def test_an_empty_text_is_refused(case, agent, text):
	for say in (api.answer, api.record_message, api.add_note):
		with pytest.raises((frappe.ValidationError, frappe.exceptions.FrappeTypeError)):
			say(case.name, text)
	assert api.list_conversation(case.name) == []


def test_scripts_are_taken_out(case, agent):
	answer = api.answer(case.name, "<p onclick='x()'>Hola<script>alert(1)</script></p>")["message"]
	stored = frappe.db.get_value("Communication", answer, "content")
	assert "Hola" in stored and "<script" not in stored and "onclick" not in stored


def test_files_of_the_case_go_with_the_answer_and_those_of_others_do_not(case, agent):
	mine, foreign = make_file(case.name), make_file(make_case().name, "ajeno.txt")
	answer = api.answer(case.name, "Adjunto", attachments=[mine.name])["message"]
	about = {"attached_to_doctype": "Communication", "attached_to_name": answer}
	assert frappe.get_all("File", about, pluck="file_url") == [mine.file_url]
	with pytest.raises(frappe.ValidationError, match="no file of this case"):
		api.answer(case.name, "Adjunto", attachments=[foreign.name])


def test_copies_go_to_those_of_the_case_unless_others_are_named(case, agent):
	frappe.db.set_value(CASE, case.name, "cc", "jefe@example.com")
	usual, others, none = (
		api.answer(case.name, "Hola", cc=cc)["message"] for cc in (None, "otra@example.com", "")
	)
	assert [frappe.db.get_value("Communication", name, "cc") or "" for name in (usual, others, none)] == [
		"jefe@example.com",
		"otra@example.com",
		"",
	]


def test_whoever_may_not_write_the_case_does_not_answer(case):
	frappe.set_user(make_user(BILLING))
	api.add_note(case.name, "La factura está pagada")
	for say in (api.answer, api.record_message):
		with pytest.raises(frappe.PermissionError):
			say(case.name, "Hola")
	frappe.set_user(make_seller().user)
	for say in (api.answer, api.add_note):
		with pytest.raises(frappe.PermissionError):
			say(case.name, "Hola")
	with pytest.raises(frappe.PermissionError):
		api.list_conversation(case.name)


def test_who_is_mentioned_in_a_note_is_told(case, agent):
	other = make_user(AGENT)
	frappe.db.set_value("User", other, "allowed_in_mentions", 1)
	api.add_note(case.name, f'<p><span class="mention" data-id="{other}">@x</span> mire</p>')
	told = {"document_type": CASE, "document_name": case.name, "type": "Mention"}
	assert frappe.get_all("Notification Log", told, pluck="for_user") == [other]


def test_messages_of_an_unknown_case_do_no_harm(site):
	message = frappe.new_doc("Communication")
	message.update({"reference_doctype": CASE, "reference_name": "CS-1999-00001"})
	message.communication_type = "Communication"
	conversation.lead_to_survivor(message)
	conversation.on_message(message)
	assert message.reference_name == "CS-1999-00001"
