"""Saved replies: the language of whom it is for, fields of the case, and nothing else of the site."""

import frappe
import pytest

from cronus_crm.api import cases as api
from tests.scaffold import AGENT, SELLER, make_agent_of_team, make_case, make_customer, make_user, unique


def make_reply(*texts: tuple[str | None, str], **fields):
	rows = [{"language": language, "text": text} for language, text in texts]
	return frappe.get_doc(
		{"doctype": "Cronus Saved Reply", "reply_name": unique("Reply"), "texts": rows, **fields}
	).insert()


@pytest.mark.parametrize(
	("language", "said"),
	[("es", "Hola Rosa"), ("es-MX", "Hola Rosa"), ("en", "Hello Rosa"), ("fr", "Hi Rosa")],
)
def test_a_reply_is_in_the_language_of_the_customer(site, language, said):
	reply = make_reply(
		(None, "Hi {{ contact }}"), ("es", "Hola {{ contact }}"), ("en", "Hello {{ contact }}")
	)
	case = make_case(make_customer(language=language).name, contact_name="Rosa")
	frappe.set_user(make_user(AGENT))
	assert api.write_reply(reply.name, case.name)["text"] == said


def test_the_state_and_the_date_are_written_in_that_language(site):
	reply = make_reply(("es", "{{ case }}: {{ state }}, {{ company }}"))
	case = make_case(make_customer(language="es").name)
	text = api.write_reply(reply.name, case.name)["text"]
	assert text.startswith(f"{case.name}: ")


def test_what_people_wrote_is_text_in_the_answer(site):
	reply = make_reply((None, "Sobre {{ subject }}\nSaludos"))
	case = make_case(subject="<b>5 < 6</b> & más")
	written = api.write_reply(reply.name, case.name)
	assert "<b>" not in written["html"].replace("<br>", "").replace("<p>", "")
	assert "&lt;" in written["html"] and "<br>Saludos" in written["html"]


@pytest.mark.parametrize(
	"text",
	["{{ frappe.db }}", "{{ unknown }}", "{% for x in y %}", "{{ case.__class__.__mro__ }}", "{{ 1/0 }}"],
)
def test_a_text_that_names_something_else_is_refused_when_it_is_saved(site, text):
	with pytest.raises(frappe.ValidationError, match="cannot be filled in"):
		make_reply((None, text))


def test_two_texts_in_one_language_are_refused(site):
	with pytest.raises(frappe.ValidationError, match="same language"):
		make_reply(("es", "a"), ("es", "b"))


def test_replies_of_the_type_come_first_and_others_do_not_fit(site):
	any_case = make_reply((None, "a"))
	of_type, of_other = (
		make_reply((None, "a"), case_type="Fault"),
		make_reply((None, "a"), case_type="Question"),
	)
	disabled = make_reply((None, "a"), disabled=1)
	case = make_case(case_type="Fault")
	frappe.set_user(make_user(AGENT))
	names = [row["name"] for row in api.list_replies(case.name)]
	assert names.index(of_type.name) < names.index(any_case.name)
	assert not {of_other.name, disabled.name} & set(names)


def test_a_case_that_one_does_not_see_is_not_told_by_a_reply(site):
	reply, case = make_reply((None, "{{ subject }}")), make_case()
	agent, _team = make_agent_of_team()
	frappe.set_user(agent)
	for ask in (lambda: api.list_replies(case.name), lambda: api.write_reply(reply.name, case.name)):
		with pytest.raises(frappe.PermissionError):
			ask()


def test_who_may_not_see_them_does_not_read_them(site):
	reply, case = make_reply((None, "a")), make_case()
	frappe.set_user(make_user(SELLER))
	for ask in (lambda: api.list_replies(case.name), lambda: api.write_reply(reply.name, case.name)):
		with pytest.raises(frappe.PermissionError):
			ask()
