"""Cases by e-mail with real servers: IMAP for what comes in, SMTP for what goes out."""

from email.message import EmailMessage

import frappe
import pytest

from cronus_crm.api import cases as api
from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_service.mail import pulling, receiving
from tests.imap_server import ImapServer, make_service_account, open_imap_server
from tests.mailbox import open_mailbox
from tests.mails.build import answer_to, make_bounce, make_id, make_mail
from tests.mails.nasty import build_nasty_mails
from tests.pop_server import open_pop_server
from tests.scaffold import AGENT, make_case, make_user

CASE, LOG = "Cronus Case", "Cronus Case Mail"


@pytest.fixture
def imap():
	with open_imap_server() as server:
		yield server


@pytest.fixture
def account(imap):
	account = make_service_account(imap)
	# The first time the framework looks at the whole folder, and marks nothing.
	pull(account)
	yield account
	frappe.db.rollback()
	_clear(account.name)


def _clear(account: str) -> None:
	"""Takes away what the messages of an account have left."""
	cases = frappe.get_all(LOG, {"email_account": account}, pluck="case")
	about = {"reference_doctype": CASE, "reference_name": ("in", [name for name in cases if name] or [""])}
	for doctype in ("Communication", "Comment", "Email Queue"):
		frappe.db.delete(doctype, about)
	frappe.db.delete("File", {"attached_to_doctype": CASE, "attached_to_name": about["reference_name"]})
	frappe.db.delete("File", {"attached_to_doctype": ("in", ("Communication", "Unhandled Email"))})
	frappe.db.delete(CASE, {"name": about["reference_name"]})
	for doctype in (LOG, "Unhandled Email"):
		frappe.db.delete(doctype, {"email_account": account})
	frappe.delete_doc("Email Account", account, force=True)
	case_recount.repair()
	frappe.db.commit()


def pull(account) -> None:
	"""As a job of the scheduler does."""
	frappe.db.rollback()
	frappe.get_doc("Email Account", account.name).receive()


def read_log(account) -> list:
	frappe.db.rollback()
	return frappe.get_all(
		LOG,
		{"email_account": account.name},
		["outcome", "case", "communication", "reason", "message_id", "subject"],
		order_by="creation asc, name asc",
	)


def refused(account) -> list:
	return frappe.get_all("Unhandled Email", {"email_account": account.name}, ["name", "reason", "uid"])


def sent_by(mailbox, case: str) -> EmailMessage:
	return mailbox.collect(case)[-1]


def test_a_conversation(imap: ImapServer, account):
	with open_mailbox() as mailbox:
		first = make_mail(to=account.email_id, cc="Luis <luis@example.net>")
		imap.put(first)
		pull(account)
		(row,) = read_log(account)
		assert (row.outcome, imap.list_unread()) == ("Case opened", [])
		case = frappe.get_doc(CASE, row.case)
		frappe.set_user(make_user(AGENT))
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "manual.txt",
				"content": "manual",
				"is_private": 1,
				"attached_to_doctype": CASE,
				"attached_to_name": case.name,
			}
		).insert(ignore_permissions=True)
		api.add_note(case.name, "no prometer fecha")
		api.answer(case.name, "<p>¿Qué modelo es?</p>", attachments=[file.name])
		frappe.set_user("Administrator")
		frappe.db.commit()
		mail = sent_by(mailbox, case.name)
		assert case.name in mail["Subject"] and account.email_id in mail["Reply-To"]
		assert first.split(b"Message-ID: ")[1].split(b"\n")[0].decode().strip() == mail["In-Reply-To"]
		assert mail["In-Reply-To"] in mail["References"]
		assert sorted(each for one in mailbox.recipients for each in one) == [
			"luis@example.net",
			"rosa@example.org",
		]
		(attached,) = mail.iter_attachments()
		assert attached.get_filename().startswith("manual") and attached.get_content().strip() == "manual"
		assert "prometer" not in mail.as_string() and "modelo" in mail.as_string()
		imap.put(
			answer_to(mail.as_bytes(), text="A-20\n\nEl 27/11/26 a las 9:15, S escribió:\n> ¿Qué modelo es?")
		)
		pull(account)
		assert read_log(account)[-1].case == case.name
		said = api.list_conversation(case.name)
		assert [row["kind"] for row in said] == ["message", "note", "answer", "message"]
		assert "modelo" in said[-1]["quoted"] and "modelo" not in said[-1]["content"]
		assert frappe.db.get_value(CASE, case.name, "category") == "Waiting for us"
		imap.put(make_bounce(mail["Message-ID"].strip("<>")))
		imap.put(answer_to(mail.as_bytes(), subject="Fuera", Auto_Submitted="auto-replied"))
		pull(account)
		assert [row.outcome for row in read_log(account)[-2:]] == ["Bounce", "Automatic"]


def test_long_ids_of_outlook_come_back_as_they_were(imap: ImapServer, account):
	long_id = f"DB9PR04MB{'0A' * 30}@DB9PR04MB8107.eurprd04.prod.outlook.com"
	with open_mailbox() as mailbox:
		imap.put(make_mail(message_id=long_id))
		pull(account)
		case = read_log(account)[0].case
		api.answer(case, "Hola")
		frappe.db.commit()
		mail = sent_by(mailbox, case)
		assert mail["In-Reply-To"] == f"<{long_id}>" and long_id in mail["References"]


def test_every_nasty_message_is_taken_in_once_or_refused_with_a_reason(imap: ImapServer, account):
	mails = build_nasty_mails()
	assert len(mails) >= 50
	plain = make_mail(subject="detrás de todas")
	# Some are more than the test's server takes.
	direct = [raw for raw in mails.values() if not imap.offer(raw)]
	assert len(direct) <= 3
	imap.put(plain)
	for raw in direct:
		assert pulling.take_in(account.name, raw)
	for _each in range(3):
		pull(account)
	assert imap.list_unread() == []
	log, unhandled = read_log(account), refused(account)
	assert [row for row in log if row.subject == "detrás de todas" and row.case]
	taken = [row for row in log if row.communication]
	# The same one twice is one; one more has its Message-ID with another text.
	assert len(taken) + len(unhandled) == len(mails)
	assert len({row.communication for row in taken}) == len(taken)
	assert all(row.reason for row in unhandled) and len(unhandled) <= 3, unhandled
	for row in taken:
		assert frappe.db.count("Communication", {"message_id": row.message_id}) == 1
	files = frappe.get_all(
		"File",
		{"attached_to_doctype": CASE, "attached_to_name": ("in", [row.case for row in taken])},
		["file_name", "is_private"],
	)
	assert all(file.is_private and "/" not in file.file_name and "<" not in file.file_name for file in files)
	# What the framework raised, or logged as an error of its own.
	assert not frappe.db.exists("Error Log", {"method": ("like", "%EmailAccount.receive%")})


def test_the_first_look_at_a_folder_takes_what_is_unread_once(imap: ImapServer):
	imap.put(make_mail(subject="leído"))
	client = imap.connect()
	client.uid("STORE", "101", "+FLAGS", "(\\Seen)")
	client.logout()
	imap.put(make_mail(subject="sin leer"))
	account = make_service_account(imap)
	try:
		pull(account)
		pull(account)
		assert [row.subject for row in read_log(account)] == ["sin leer"]
		assert imap.list_unread() == []
	finally:
		_clear(account.name)


def test_one_that_fails_does_not_stop_those_behind_it(imap: ImapServer, account, monkeypatch):
	real = receiving.receive_mail

	def receive(raw, *args):
		if b"fallo" in raw:
			raise frappe.ValidationError("No <b>se</b> puede")
		return real(raw, *args)

	monkeypatch.setattr(receiving, "receive_mail", receive)
	imap.put(make_mail(subject="uno"), make_mail(subject="fallo"), make_mail(subject="tres"))
	pull(account)
	assert [row.subject for row in read_log(account) if row.case] == ["uno", "tres"]
	(row,) = refused(account)
	assert row.reason.startswith("No se puede")
	file = frappe.get_doc("File", {"attached_to_doctype": "Unhandled Email", "attached_to_name": row.name})
	assert "fallo" in str(file.get_content())
	assert imap.list_unread() == []


def test_what_the_moment_fails_comes_again(imap: ImapServer, account, monkeypatch):
	def fail(*args):
		raise frappe.QueryDeadlockError("1213") from pymysql_error(1213)

	imap.put(make_mail(subject="luego"))
	with monkeypatch.context() as context:
		context.setattr(receiving, "receive_mail", fail)
		pull(account)
	assert len(imap.list_unread()) == 1 and not read_log(account)
	pull(account)
	assert imap.list_unread() == [] and read_log(account)[0].outcome == "Case opened"


def pymysql_error(code: int) -> Exception:
	import pymysql

	return pymysql.err.OperationalError(code, "of the test")


def test_a_message_that_never_ends_is_refused_in_the_end(account, monkeypatch):
	class Killed(BaseException):
		pass

	def die(*args):
		raise Killed

	raw = make_mail()
	monkeypatch.setattr(receiving, "receive_mail", die)
	for _each in range(pulling.MAX_TRIES):
		with pytest.raises(Killed):
			pulling.take_in(account.name, raw)
		frappe.db.rollback()
	assert pulling.take_in(account.name, raw)
	assert len(refused(account)) == 1


def test_a_worker_that_dies_before_the_mark_makes_no_second_case(imap: ImapServer, account):
	raw = make_mail()
	imap.put(raw)
	assert pulling.take_in(account.name, raw)
	assert len(imap.list_unread()) == 1
	pull(account)
	assert imap.list_unread() == []
	assert [row.outcome for row in read_log(account)] == ["Case opened"]


def test_two_workers_with_the_same_messages(imap: ImapServer, account, site):
	"""Each with a connection of its own, at once, on messages that neither has marked."""
	from concurrent.futures import ThreadPoolExecutor

	mails = [make_mail(subject=f"a la vez {number}") for number in range(8)]
	sites = frappe.local.sites_path

	def work(_number: int) -> int:
		frappe.init(site=site, sites_path=sites)
		frappe.connect()
		frappe.flags.in_test = True
		try:
			done = 0
			for raw in mails:
				while not pulling.take_in(account.name, raw):
					pass
				done += 1
			return done
		finally:
			frappe.destroy()

	with ThreadPoolExecutor(3) as pool:
		assert list(pool.map(work, range(3))) == [8, 8, 8]
	log = read_log(account)
	assert [row.outcome for row in log] == ["Case opened"] * 8
	assert frappe.db.count(CASE, {"name": ("in", [row.case for row in log])}) == 8
	assert frappe.db.count("Communication", {"message_id": ("in", [row.message_id for row in log])}) == 8
	assert not refused(account)


def test_other_folders_of_the_account_are_the_frameworks(imap: ImapServer):
	client = imap.connect()
	client.create("Otros")
	raw = make_mail(subject="no es un caso")
	client.append("Otros", None, None, raw)
	client.logout()
	folders = [{"folder_name": "INBOX", "append_to": CASE}, {"folder_name": "Otros"}]
	account = make_service_account(imap, imap_folder=folders)
	try:
		imap.put(make_mail(subject="es un caso"))
		pull(account)
		assert [row.subject for row in read_log(account)] == ["es un caso"]
		left = {"subject": "no es un caso", "email_account": account.name}
		assert frappe.db.get_value("Communication", left, "reference_doctype") is None
		assert frappe.db.exists("Communication", left)
	finally:
		frappe.db.delete("Communication", {"email_account": account.name})
		_clear(account.name)


def test_a_box_of_pop_is_emptied_after_the_commit(monkeypatch):
	def fail(*args):
		raise frappe.QueryDeadlockError("1213") from pymysql_error(1213)

	with open_pop_server(make_mail(subject="por POP"), make_mail(subject="y otro")) as pop:
		fields = {"use_imap": 0, "append_to": CASE, "imap_folder": []}
		account = make_service_account(pop, **fields)
		try:
			with monkeypatch.context() as context:
				context.setattr(receiving, "receive_mail", fail)
				pull(account)
			assert len(pop.messages) == 2 and not read_log(account)
			pull(account)
			assert pop.messages == []
			assert sorted(row.subject for row in read_log(account)) == ["por POP", "y otro"]
		finally:
			_clear(account.name)


# What goes out


def test_without_an_account_the_answer_is_kept_and_it_is_said():
	frappe.db.set_value(
		"Email Account", {"enable_outgoing": 1}, {"enable_outgoing": 0, "default_outgoing": 0}
	)
	case = make_case(contact_email="rosa@example.org", channel="E-mail")
	name = api.answer(case.name, "Hola")["message"]
	assert frappe.db.get_value("Communication", name, "delivery_status") == "Error"
	assert "was not sent" in frappe.local.message_log[-1]["message"]


@pytest.mark.parametrize(
	("channel", "send", "goes"),
	[
		("E-mail", None, True),
		("Web form", None, True),
		("Portal", None, True),
		("Telephone", None, False),
		("WhatsApp", None, False),
		("By hand", None, False),
		("Telephone", 1, True),
		("E-mail", 0, False),
	],
)
def test_an_answer_goes_out_in_the_channels_of_the_mail(channel, send, goes):
	with open_mailbox():
		case = make_case(contact_email="rosa@example.org", channel=channel)
		api.answer(case.name, f"Hola {make_id()}", send=send)
		assert frappe.db.count("Email Queue", {"reference_name": case.name}) == int(goes)
		frappe.db.rollback()


def test_without_an_address_it_is_said():
	with open_mailbox():
		case = make_case(channel="E-mail")
		api.answer(case.name, "Hola")
		assert "no e-mail address" in frappe.local.message_log[-1]["message"]
		assert not frappe.db.count("Email Queue", {"reference_name": case.name})
		frappe.db.rollback()
