"""What becomes of a message: a case, a message in one, or nothing, and who may write where."""

from email import message_from_bytes

import frappe
import pytest
from frappe.email.doctype.email_account.email_account import get_append_to
from frappe.utils import add_to_date, cint

from cronus_crm.base.company import company_now
from cronus_crm.cronus_service.cases import case_merging, conversation
from cronus_crm.cronus_service.mail.receiving import DifferentMessageError, receive_mail
from tests.mails.build import make_bounce, make_id, make_mail
from tests.mails.nasty import build_nasty_mails
from tests.scaffold import AGENT, make_case, make_customer, make_seller, make_user, unique

CASE, LOG = "Cronus Case", "Cronus Case Mail"


def make_contact(email: str, *links: tuple[str, str]):
	return frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": unique("Rosa"),
			"email_ids": [{"email_id": email, "is_primary": 1}],
			"links": [{"link_doctype": doctype, "link_name": name} for doctype, name in links],
		}
	).insert(ignore_permissions=True)


def make_address() -> str:
	return f"{frappe.generate_hash(length=10)}@example.org"


def take(*args, **fields):
	return receive_mail(make_mail(*args, **fields))


def read_case(outcome):
	return frappe.get_doc(CASE, outcome.case)


def notes_of(case: str) -> list[str]:
	return frappe.get_all(
		"Comment",
		{"reference_doctype": CASE, "reference_name": case, "comment_type": "Comment"},
		pluck="content",
		order_by="creation asc",
	)


@pytest.fixture
def rosa():
	"""The address of a contact of a customer, and the customer."""
	email = make_address()
	customer = make_customer(make_seller().name)
	return frappe._dict(
		email=email,
		customer=customer.name,
		contact=make_contact(email, ("Cronus Customer", customer.name)).name,
	)


def age(case: str, **values):
	frappe.db.set_value(CASE, case, values, update_modified=False)


# A new case


def test_a_message_of_a_contact_opens_a_case_of_the_account(rosa):
	files = (("foto.txt", b"hola", "text/plain"),)
	message_id = make_id()
	outcome = take(
		f"Rosa <{rosa.email}>",
		"No enciende",
		cc="Luis <luis@example.net>",
		files=files,
		message_id=message_id,
	)
	case = read_case(outcome)
	assert outcome.outcome == "Case opened"
	assert (case.customer, case.contact, case.contact_email) == (rosa.customer, rosa.contact, rosa.email)
	assert (case.subject, case.channel, case.category) == ("No enciende", "E-mail", "New")
	assert "no enciende" in case.description and case.message_id == message_id
	assert "luis@example.net" in case.cc
	message = frappe.get_doc("Communication", outcome.communication)
	assert (message.sent_or_received, message.message_id, message.sender) == (
		"Received",
		message_id,
		rosa.email,
	)
	attached = {"attached_to_doctype": CASE, "attached_to_name": case.name, "file_name": ("like", "foto%")}
	assert frappe.db.exists("File", attached) and case.last_from_them_on


def test_the_agent_sees_pictures_and_files(rosa):
	case = receive_mail(build_nasty_mails()["picture in the text"]).case
	url = frappe.db.get_value(CASE, case, "description").split('src="')[1].split('"')[0]
	assert "cid:" not in url
	frappe.set_user(make_user(AGENT))
	assert frappe.get_doc("File", url.split("fid=")[1]).has_permission("read")


def test_an_alias_of_ours_gets_no_copies():
	case = read_case(take(make_address(), to="alias@example.com", Delivered_To="alias@example.com"))
	assert not case.cc


def test_the_case_is_of_nobody_in_particular(rosa):
	agent = make_user(AGENT)
	team = frappe.get_doc(
		{"doctype": "Cronus Service Team", "team_name": unique("Team"), "members": [{"user": agent}]}
	).insert()
	frappe.set_user(agent)
	case = read_case(take(rosa.email))
	assert case.owner == "Administrator" and not case.agent and case.team != team.name
	assert frappe.session.user == agent


@pytest.mark.parametrize("count", [0, 2])
def test_of_none_or_several_accounts_the_sender_is_written_by_name(count):
	email = make_address()
	for _each in range(count):
		make_contact(email, ("Cronus Customer", make_customer().name))
	case = read_case(take(f"Rosa Díaz <{email}>"))
	assert (case.customer, case.prospect, case.account_name) == (None, None, "Rosa Díaz")
	assert case.contact_email == email


def test_the_address_of_a_customer_a_branch_and_a_prospect_are_found():
	mail = make_address()
	customer = make_customer(email=mail.upper())
	assert read_case(take(mail)).customer == customer.name
	mail = make_address()
	branch = frappe.get_doc(
		{"doctype": "Cronus Customer Branch", "customer": customer.name, "branch_name": "Sur", "email": mail}
	).insert()
	case = read_case(take(mail))
	assert (case.customer, case.branch) == (customer.name, branch.name)
	mail = make_address()
	prospect = frappe.get_doc(
		{
			"doctype": "Cronus Prospect",
			"prospect_name": unique("P"),
			"email": mail,
			"seller": make_seller().name,
		}
	).insert()
	assert read_case(take(mail)).prospect == prospect.name


def test_promised_times_run(rosa):
	frappe.get_doc(
		{
			"doctype": "Cronus Service Promise",
			"promise_name": unique("Promise"),
			"customer": rosa.customer,
			"first_answer_minutes": 60,
			"solution_minutes": 600,
		}
	).insert()
	case = read_case(take(rosa.email))
	assert case.first_answer_due and case.first_answer_state == "Running"


def test_script_and_what_covers_the_page_are_taken_out(rosa):
	html = (
		"<p onclick='x()'>Hola</p><script>alert(1)</script><img src=x onerror=alert(1)>"
		"<div style='position:fixed;top:0'>tapa</div><a href='javascript:alert(1)'>ver</a>"
		"<svg onload=alert(1)></svg><form action=/x><input name=a></form><style>body{display:none}</style>"
		"<div class='timeline-item' data-doctype='Comment'>imita</div><iframe src=/app></iframe>"
	)
	outcome = take(rosa.email, html=html)
	for text in (
		read_case(outcome).description,
		frappe.db.get_value("Communication", outcome.communication, "content"),
	):
		for bad in (
			"script",
			"onerror",
			"onclick",
			"position",
			"javascript",
			"svg",
			"form",
			"iframe",
			"data-",
		):
			assert bad not in text, (bad, text)
		assert "Hola" in text and "imita" in text


# An answer


def test_an_answer_finds_its_case_by_references(rosa):
	first = make_id()
	case = take(rosa.email, message_id=first).case
	conversation.answer_case(case, "¿Qué modelo es?")
	sent = frappe.db.get_value(
		"Communication", {"reference_name": case, "sent_or_received": "Sent"}, "message_id"
	)
	# Whoever has the thread may be somebody else.
	outcome = take("otra@example.net", "A-20", In_Reply_To=f"<{sent}>")
	assert (outcome.outcome, outcome.case) == ("Message", case)
	assert read_case(outcome).category == "Waiting for us"
	assert take("otra@example.net", "x", References=f"<{first}> <{make_id()}>").case == case


@pytest.mark.parametrize("who", ["contact", "copy", "account", "writer"])
def test_an_answer_finds_its_case_by_the_folio_of_its_people(rosa, who):
	case = make_case(
		rosa.customer, contact_email="alguien@example.org", cc="copia@example.org, x@example.org"
	)
	conversation.record_message(case.name, "Hola", channel="E-mail", sender="antes@example.org")
	sender = {
		"contact": "Alguien@example.org",
		"copy": "copia@example.org",
		"account": rosa.email,
		"writer": "antes@example.org",
	}[who]
	outcome = take(sender, f"RE: Algo [{case.name}]")
	assert (outcome.outcome, outcome.case) == ("Message", case.name)


def test_the_agent_is_told_of_an_answer(rosa):
	agent = make_user(AGENT, language="es")
	case = make_case(rosa.customer, agent=agent)
	take(rosa.email, f"x [{case.name}]")
	told = {"for_user": agent, "document_name": case.name, "type": "Alert"}
	assert frappe.db.count("Notification Log", told) == 1


def test_a_stranger_does_not_write_into_a_case_by_its_folio(rosa):
	case = make_case(rosa.customer, contact_email=rosa.email)
	outcome = take("otro@example.net", f"Re: Algo [{case.name}]")
	assert (outcome.outcome, outcome.case == case.name) == ("Case opened", False)
	assert any(case.name in note for note in notes_of(outcome.case))
	assert not frappe.db.count("Communication", {"reference_name": case.name})


def test_a_merged_case_leads_to_the_one_that_stays(rosa):
	first = make_id()
	merged = take(rosa.email, message_id=first).case
	survivor = make_case(rosa.customer).name
	case_merging.merge_cases(survivor, [merged])
	assert take(rosa.email, "x", In_Reply_To=f"<{first}>").case == survivor
	assert take(rosa.email, f"x [{merged}]").case == survivor
	by_telephone = make_case(rosa.customer, contact_email="luis@example.net").name
	case_merging.merge_cases(survivor, [by_telephone])
	assert take("luis@example.net", f"x [{by_telephone}]").case == survivor


def test_an_answer_reopens_within_the_days_and_later_opens_one_that_names_the_old(rosa):
	frappe.db.set_single_value("Cronus Service Settings", "reopen_within_days", 14)
	first = make_id()
	case = take(rosa.email, message_id=first).case
	doc = frappe.get_doc(CASE, case)
	doc.update({"state": "Solved"}).save()
	assert take(rosa.email, "x", In_Reply_To=f"<{first}>").case == case
	assert frappe.db.get_value(CASE, case, "category") == "Waiting for us"
	doc.reload().update({"state": "Solved"}).save()
	age(case, closed_on=add_to_date(company_now(), days=-15))
	later = take(rosa.email, "Otra vez", In_Reply_To=f"<{first}>")
	assert (later.outcome, later.case == case, later.earlier_case) == ("Case opened", False, case)
	assert any(case in note for note in notes_of(later.case))
	assert frappe.db.get_value(CASE, case, "category") == "Solved"
	# What is then said to the old one goes on there.
	assert take(rosa.email, "Y más", In_Reply_To=f"<{first}>").case == later.case


# Programs

AUTOMATIC = [
	{"Auto_Submitted": "auto-replied"},
	{"Auto_Submitted": "auto-generated (vacation)"},
	{"Precedence": "bulk"},
	{"Precedence": "junk"},
	{"Precedence": "list"},
	{"X_Auto_Response_Suppress": "All"},
	{"Return_Path": "<>"},
	{"X_Autoreply": "yes"},
]


@pytest.mark.parametrize("headers", AUTOMATIC, ids=str)
def test_an_automatic_answer_stands_in_the_case_and_does_nothing(rosa, headers):
	first = make_id()
	case = take(rosa.email, message_id=first).case
	conversation.answer_case(case, "¿Qué modelo es?")
	before = frappe.get_doc(CASE, case)
	outcome = take(rosa.email, "Fuera de la oficina", In_Reply_To=f"<{first}>", **headers)
	assert (outcome.outcome, outcome.case) == ("Automatic", case)
	after = frappe.get_doc(CASE, case)
	for field in ("category", "last_from_them_on", "waiting_since", "times_reopened", "modified"):
		assert after.get(field) == before.get(field), field
	assert conversation.list_conversation(case)[-1]["kind"] == "automatic"


def test_an_automatic_answer_does_not_reopen(rosa):
	first = make_id()
	case = take(rosa.email, message_id=first).case
	frappe.get_doc(CASE, case).update({"state": "Solved"}).save()
	take(rosa.email, "Fuera de la oficina", In_Reply_To=f"<{first}>", Auto_Submitted="auto-replied")
	assert frappe.db.get_value(CASE, case, "category") == "Solved"


def test_a_receipt_opens_no_case():
	receipt = make_mail("mailer-daemon@example.org", "Delivered")
	assert receive_mail(receipt).outcome == "Refused"
	report = b"Content-Type: multipart/report; report-type=disposition-notification; boundary=B\r\n"
	report += f"From: r@example.org\r\nMessage-ID: <{make_id()}>\r\nSubject: Read\r\n\r\n".encode()
	assert receive_mail(report + b"--B\r\n\r\nread\r\n--B--\r\n").outcome == "Refused"


def test_an_account_may_append_to_cases():
	assert [CASE] in get_append_to()


def test_an_automatic_answer_to_nothing_is_refused_and_an_alarm_opens_a_case():
	refused = take(make_address(), "Fuera de la oficina", Auto_Submitted="auto-replied")
	assert (refused.outcome, refused.case) == ("Refused", None) and refused.reason
	assert take(make_address(), "Disco lleno", Auto_Submitted="auto-generated").outcome == "Case opened"


def test_a_bounce_tells_the_agent(rosa):
	case = take(rosa.email).case
	agent = make_user(AGENT)
	frappe.get_doc(CASE, case).update({"agent": agent}).save()
	conversation.answer_case(case, "Listo")
	sent = frappe.db.get_value(
		"Communication", {"reference_name": case, "sent_or_received": "Sent"}, "message_id"
	)
	before = frappe.db.get_value(CASE, case, "category")
	outcome = receive_mail(make_bounce(sent, rosa.email))
	assert (outcome.outcome, outcome.case) == ("Bounce", case)
	note = notes_of(case)[-1]
	assert rosa.email in note and "No such user" in note and "<b>No such" not in note
	assert frappe.db.get_value(CASE, case, "category") == before
	assert frappe.db.exists("Notification Log", {"for_user": agent, "document_name": case, "type": "Alert"})
	unknown = receive_mail(make_bounce(make_id()))
	assert (unknown.outcome, bool(unknown.reason)) == ("Refused", True)


def test_what_comes_from_an_address_of_our_own_is_refused():
	own = make_address()
	frappe.get_doc({"doctype": "Email Account", "email_account_name": unique("A"), "email_id": own}).insert()
	assert take(own).outcome == "Refused"
	# A form of ours that says who has written.
	case = read_case(take(own, Reply_To="Ana <ana@example.net>"))
	assert case.contact_email == "ana@example.net"


# Once


def test_a_message_is_taken_once():
	raw = make_mail(make_address())
	first, second = receive_mail(raw), receive_mail(raw)
	assert (first.outcome, second.outcome) == ("Case opened", "")
	assert frappe.db.count("Communication", {"reference_name": first.case}) == 1


def test_a_message_that_the_log_has_forgotten_is_known():
	raw = make_mail(make_address())
	case = receive_mail(raw).case
	frappe.db.delete(LOG, {"case": case})
	assert receive_mail(raw).case == case
	assert frappe.db.count("Communication", {"reference_name": case}) == 1


def test_a_message_without_an_id_is_taken_once():
	raw = make_mail(make_address())
	mail = message_from_bytes(raw)
	del mail["Message-ID"]
	first = receive_mail(mail.as_bytes())
	mail["Received"] = "from another server"
	assert first.outcome == "Case opened" and receive_mail(mail.as_bytes()).outcome == ""


def test_another_message_with_the_same_id_is_told():
	message_id = make_id()
	take(make_address(), message_id=message_id)
	with pytest.raises(DifferentMessageError):
		take(make_address(), "Otra cosa", message_id=message_id)


# The acknowledgement


@pytest.fixture
def acknowledged():
	settings = frappe.get_doc("Cronus Service Settings")
	settings.update({"acknowledge_mail": 1, "max_acknowledgements": 2, "acknowledgement": None}).save()
	frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": unique("Out"),
			"email_id": make_address(),
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "127.0.0.1",
			"no_smtp_authentication": 1,
		}
	).insert()
	return settings


def queued(case: str) -> list[str]:
	return frappe.get_all("Email Queue", {"reference_name": case}, pluck="message", order_by="creation asc")


def test_a_new_case_is_acknowledged_once_and_no_program_is(rosa, acknowledged):
	first = make_id()
	outcome = take(rosa.email, message_id=first)
	(sent,) = queued(outcome.case)
	assert [row["kind"] for row in conversation.list_conversation(outcome.case)] == [
		"message",
		"acknowledgement",
	]
	mail = message_from_bytes(sent.encode())
	assert outcome.acknowledged and outcome.case in str(mail["Subject"])
	assert mail["Auto-Submitted"] == "auto-replied" and first in mail["In-Reply-To"]
	take(rosa.email, "x", In_Reply_To=f"<{first}>")
	assert len(queued(outcome.case)) == 1
	assert not take(make_address(), Auto_Submitted="auto-generated").acknowledged
	assert not take("noreply@example.org").acknowledged
	# It has not answered the case.
	assert read_case(outcome).category == "New" and not read_case(outcome).first_answered_on


def test_the_same_sender_has_a_few_acknowledgements_a_day(rosa, acknowledged):
	sent = [take(rosa.email, f"Asunto {number}") for number in range(3)]
	assert [cint(each.acknowledged) for each in sent] == [1, 1, 0]
	assert sent[2].reason


def test_the_text_is_a_saved_reply_in_the_language_of_the_customer(rosa, acknowledged):
	reply = frappe.get_doc(
		{
			"doctype": "Cronus Saved Reply",
			"reply_name": unique("Ack"),
			"texts": [
				{"language": "en", "text": "Received as {{ case }}"},
				{"language": "es", "text": "Recibido como {{ case }}"},
			],
		}
	).insert()
	acknowledged.update({"acknowledgement": reply.name}).save()
	frappe.db.set_value("Cronus Customer", rosa.customer, "language", "es")
	case = take(rosa.email).case
	assert f"Recibido como {case}" in queued(case)[0]


def test_without_an_account_that_sends_the_case_is_there_all_the_same(rosa, acknowledged):
	frappe.db.set_value(
		"Email Account", {"enable_outgoing": 1}, {"enable_outgoing": 0, "default_outgoing": 0}
	)
	outcome = take(rosa.email)
	assert (outcome.outcome, outcome.acknowledged) == ("Case opened", False) and outcome.reason
