"""The portal over HTTP: what contacts see and do, and that no way leads to what is not theirs."""

import frappe
import pytest

from cronus_crm.cronus_service.cases import conversation
from tests.outside import (
	API,
	ask,
	forget_limits,
	make_contact,
	make_person,
	make_website_user,
	set_service,
)
from tests.scaffold import AGENT, make_case, make_customer, make_user

CASE = "Cronus Case"
OUTSIDERS = ("other", "nobody", "guest", "stranger")


def make_token() -> str:
	return "zq" + frappe.generate_hash(length=10).translate(str.maketrans("0123456789", "ghijklmnop"))


def attach(doctype: str, name: str, content: str):
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{content}.txt",
			"content": content,
			"is_private": 1,
			"attached_to_doctype": doctype,
			"attached_to_name": name,
		}
	).insert()


def say(case, content: str, direction: str, **fields):
	message = conversation.build_message(case, content, direction)
	message.update(fields)
	return message.insert()


@pytest.fixture(scope="module")
def office(site, server):
	"""Two accounts. Of the first, *own* has raised the case and *colleague* has not; *other* is of the
	second, *stranger* was a contact once, *nobody* is a website user without a company."""
	frappe.set_user("Administrator")
	forget_limits()
	set_service(portal_enabled=1, portal_scope="Own cases", portal_shows_promises=0)
	office = frappe._dict(server=server, guest=None, customer=make_customer().name, secrets={}, files={})
	office.own, office.colleague = make_person(office.customer), make_person(office.customer)
	office.other, office.nobody, office.stranger = make_person(), make_website_user(), make_website_user()
	office.agent = make_user(AGENT)
	case = make_case(
		office.customer,
		subject=f"Impresora {make_token()}",
		description=f"<p>{make_token()}</p>",
		contact_email=office.own,
		contact_name="Olga",
	)
	frappe.db.set_value(CASE, case.name, "raised_by", office.stranger)
	case.reload()
	for where in (
		"message",
		"answer",
		"to a supplier",
		"of a supplier",
		"meeting",
		"note",
		"of the note",
		"beside",
	):
		office.secrets[where] = make_token()
	secrets = office.secrets
	message = say(case, f"<p>{secrets['message']}</p>", "Received", sender=office.own)
	answer = say(case, f"<p>{secrets['answer']}</p>", "Sent", sender=office.agent, recipients=office.own)
	say(case, secrets["to a supplier"], "Sent", sender=office.agent, recipients="Zoe <zoe@supplier.example>")
	say(case, secrets["of a supplier"], "Received", sender="zoe@supplier.example")
	say(case, secrets["meeting"], "Sent", sender=office.agent, communication_medium="Event")
	note = case.add_comment("Comment", secrets["note"])
	office.files["message"] = attach("Communication", message.name, make_token())
	office.files["answer"] = attach("Communication", answer.name, make_token())
	office.files["note"] = attach("Comment", note.name, secrets["of the note"])
	office.files["beside"] = attach(CASE, case.name, secrets["beside"])
	office.case = case
	frappe.db.commit()
	yield office
	frappe.db.rollback()
	set_service(portal_enabled=0)
	frappe.db.commit()


@pytest.fixture(autouse=True)
def unlimited(office):
	forget_limits()


def get(office, path: str, who: str | None, **options):
	return ask(office.server, path, office.get(who) if who else None, **options)


def post(office, method: str, who: str | None, files=None, **data):
	return get(office, f"{API}.portal.{method}", who, method="POST", data=data, files=files or [])


def page_of(office, who: str, case: str | None = None) -> str:
	answer = get(office, f"/my-cases/{case or office.case.name}", who)
	assert answer.status_code == 200
	return answer.text


def test_a_contact_reads_what_was_said_between_them_and_us_and_nothing_else(office):
	page = page_of(office, "own")
	assert office.case.subject in page
	assert office.secrets["message"] in page and office.secrets["answer"] in page
	for where in ("to a supplier", "of a supplier", "meeting", "note", "of the note", "beside"):
		assert office.secrets[where] not in page, where
	for field in ("first_answer", "solution_due", "seller", "contact_email", "priority"):
		assert field not in page, field
	assert office.case.name in get(office, "/my-cases", "own").text


def test_files_of_messages_are_opened_and_no_others(office):
	for where, code in (("message", 200), ("answer", 200), ("note", 404), ("beside", 404)):
		path = f"{API}.portal.open_file?case={office.case.name}&file={office.files[where].name}"
		answer = get(office, path, "own")
		assert answer.status_code == code, where
		for who in OUTSIDERS:
			assert get(office, path, who).status_code in (403, 404), (where, who)


def test_a_picture_that_an_agent_put_into_an_answer_is_shown(office):
	picture = attach(CASE, office.case.name, make_token())
	say(
		office.case,
		f'<p>x</p><img src="{picture.file_url}?fid={picture.name}">'
		f'<img src="{office.files["note"].file_url}">',
		"Sent",
		recipients=office.own,
	)
	frappe.db.commit()
	page = page_of(office, "own")
	path = f"{API}.portal.open_file?case={office.case.name}&file={picture.name}"
	assert path.replace("&", "&amp;") in page
	assert get(office, path, "own").status_code == 200
	assert office.files["note"].file_url not in page


def test_what_their_mail_has_quoted_is_folded(office):
	new, former = make_token(), make_token()
	say(office.case, f"<p>{new}</p><blockquote>{former}</blockquote>", "Received", sender=office.own)
	frappe.db.commit()
	page = page_of(office, "own")
	assert (
		new in page and former in page.partition(new)[2].partition("<details")[2].partition("</details>")[0]
	)


def test_of_the_account_they_see_all_by_the_setting_or_by_a_choice_of_theirs(office):
	name = office.case.name
	assert get(office, f"/my-cases/{name}", "colleague").status_code == 404
	contact = frappe.get_last_doc("Contact", {"email_id": office.colleague})
	for setting, own, code in (
		("All cases of the account", "", 200),
		("All cases of the account", "Own cases", 404),
		("All cases of the account", "None", 404),
		("Own cases", "All cases of the account", 200),
		("Own cases", "", 404),
	):
		set_service(portal_scope=setting)
		frappe.db.set_value("Contact", contact.name, "cronus_portal_access", own)
		frappe.db.commit()
		assert get(office, f"/my-cases/{name}", "colleague").status_code == code, (setting, own)
		assert (name in get(office, "/my-cases", "colleague").text) is (code == 200)
		assert get(office, f"/my-cases/{name}", "other").status_code == 404
	assert get(office, f"/my-cases/{name}", "own").status_code == 200


def ways_to(office) -> dict[str, str]:
	"""Ways of the framework and of ours to a case, to what was said, and to its files."""
	name, files = office.case.name, office.files
	message = files["message"].attached_to_name
	filters = f'filters={{"reference_name":"{name}"}}&fields=["*"]'
	ways = {
		"page": f"/my-cases/{name}",
		"page by its template": f"/my_case/my_case_page?case={name}",
		"list": "/my-cases",
		"list by its template": "/my_case/my_case_list?state=over",
		"search in the list": f"/my-cases?q={name}",
		"record": f"/api/resource/{CASE}/{name}",
		"record, version 2": f"/api/v2/document/{CASE}/{name}",
		"records": f'/api/resource/{CASE}?fields=["*"]',
		"record in the desk": f"/api/method/frappe.desk.form.load.getdoc?doctype={CASE}&name={name}",
		"list view": f'/api/method/frappe.desk.reportview.get?doctype={CASE}&fields=["*"]',
		"value": f'/api/method/frappe.client.get_value?doctype={CASE}&filters={name}&fieldname="subject"',
		"one": f"/api/method/frappe.client.get?doctype={CASE}&name={name}",
		"link": f"/api/method/frappe.desk.search.search_link?doctype={CASE}&txt={name[-5:]}",
		"title": f"/api/method/frappe.desk.search.get_link_title?doctype={CASE}&docname={name}",
		"conversation": f"{API}.cases.list_conversation?case={name}",
		"search of records": f"{API}.search.search_records?text={office.case.subject}",
		"global search": f"/api/method/frappe.utils.global_search.search?text={office.case.subject}",
		"search of the website": f"/api/method/frappe.search.web_search?query={office.case.subject}",
		"messages": f"/api/resource/Communication?{filters}",
		"notes": f"/api/resource/Comment?{filters}",
		"message": f"/api/resource/Communication/{message}",
		"files": f'/api/resource/File?filters={{"attached_to_name":"{message}"}}&fields=["*"]',
		"print": f"/printview?doctype={CASE}&name={name}",
		"print of a message": f"/printview?doctype=Communication&name={message}",
		"PDF": f"/api/method/frappe.utils.print_format.download_pdf?doctype={CASE}&name={name}",
		"list of the website": f"/api/method/frappe.www.list.get?doctype={CASE}",
		"timeline": f"/api/method/frappe.desk.form.load.get_communications?doctype={CASE}&name={name}",
		"report": "/api/method/frappe.desk.query_report.run?report_name=Cronus Case Load",
		"satisfaction": "/api/method/frappe.desk.query_report.run?report_name=Cronus Satisfaction"
		'&filters={"by":"Account"}',
	}
	for where, file in files.items():
		ways[f"file of {where}"] = file.file_url
		ways[f"file of {where} with its name"] = f"{file.file_url}?fid={file.name}"
		ways[f"record of the file of {where}"] = f"/api/resource/File/{file.name}"
		ways[f"download of {where}"] = f"/api/method/download_file?file_url={file.file_url}"
		ways[f"portal file of {where}"] = f"{API}.portal.open_file?case={office.case.name}&file={file.name}"
	return ways


def find_shown(office, text: str) -> list[str]:
	tokens = [office.case.subject, office.case.description, *office.secrets.values()]
	tokens += [file.file_name.removesuffix(".txt") for file in office.files.values()]
	return [token for token in tokens if token in text]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_way_leads_anybody_else_to_a_case(office, who):
	for way, path in ways_to(office).items():
		answer = get(office, path, who)
		shown = answer.text.replace(path, "")
		if path.endswith(office.case.subject):
			shown = shown.replace(office.case.subject, "")
		assert not find_shown(office, shown), (way, answer.status_code)


def test_a_contact_reaches_it_by_the_portal_alone(office):
	ours = ("page", "page by its template", "list", "search in the list")
	for way, path in ways_to(office).items():
		if way in ours or way.startswith("portal file"):
			continue
		answer = get(office, path, "own")
		shown = answer.text.replace(office.case.subject, "") if "search" in way else answer.text
		assert not find_shown(office, shown), (way, answer.status_code)


def test_foreign_wrong_and_missing_folios_are_answered_alike(office):
	foreign = make_case(make_customer().name).name
	frappe.db.commit()

	def read(case: str) -> tuple[int, str]:
		answer = get(office, f"/my-cases/{case}", "own")
		return answer.status_code, answer.text[answer.text.index("error-page") :].partition("</main>")[0]

	pages = {case: read(case) for case in (foreign, "CS-2001-99999", "x", "CS-2001-%25")}
	assert {code for code, _page in pages.values()} == {404}
	assert len({page for _code, page in pages.values()}) == 1
	for method, data in (
		("answer", {"text": "x"}),
		("solve", {}),
		("rate", {"rating": 5}),
	):
		answers = [post(office, method, "own", case=case, **data) for case in (foreign, "CS-2001-99999", "")]
		assert {answer.status_code for answer in answers} == {404}, method
		told = {answer.json().get("exception") for answer in answers}
		assert len(told) == 1, method
	frappe.db.rollback()
	assert not frappe.db.exists("Communication", {"reference_name": foreign})


@pytest.mark.parametrize("who", [*OUTSIDERS, "colleague"])
def test_nobody_else_answers_closes_or_rates(office, who):
	before = frappe.get_doc(CASE, office.case.name).as_json()
	for method, data in (("answer", {"text": "x"}), ("solve", {}), ("rate", {"rating": 1})):
		assert post(office, method, who, case=office.case.name, **data).status_code in (403, 404), method
	frappe.db.rollback()
	assert frappe.get_doc(CASE, office.case.name).as_json() == before


def test_an_answer_moves_the_case_on(office):
	case = frappe.get_doc(CASE, office.case.name)
	case.state = "Waiting for the customer"
	case.save()
	frappe.db.commit()
	content = make_token()
	answer = post(
		office,
		"answer",
		"own",
		case=case.name,
		text="Sigue <b>igual</b>",
		files=[("files", (f"{content}.txt", content.encode()))],
	)
	assert answer.json()["message"] == {"case": case.name}
	frappe.db.rollback()
	assert frappe.db.get_value(CASE, case.name, "category") == "Waiting for us"
	message = frappe.get_last_doc("Communication", {"reference_name": case.name})
	assert (message.sent_or_received, message.sender) == ("Received", office.own)
	assert message.content == "<p>Sigue &lt;b&gt;igual&lt;/b&gt;</p>"
	assert frappe.db.exists("File", {"attached_to_name": message.name, "is_private": 1})
	assert content in page_of(office, "own")
	assert post(office, "answer", "own", case=case.name, text=" ").status_code == 417


def test_the_same_answer_that_arrives_twice_is_kept_once(office):
	text = make_token()
	for _time in range(2):
		answer = get(
			office,
			f"{API}.portal.answer",
			"own",
			method="POST",
			data={"case": office.case.name, "text": text},
			headers={"Idempotency-Key": text},
		)
		assert answer.status_code == 200
	frappe.db.rollback()
	assert frappe.db.count("Communication", {"content": ("like", f"%{text}%")}) == 1


def test_a_contact_closes_rates_and_reopens(office):
	folio = open_case(office)
	assert post(office, "rate", "own", case=folio, rating=5).status_code == 417
	assert post(office, "solve", "own", case=folio).status_code == 200
	assert post(office, "rate", "own", case=folio, rating=6).status_code == 417
	assert post(office, "rate", "own", case=folio, rating=4, comment="Rápido").status_code == 200
	frappe.db.rollback()
	case = frappe.get_doc(CASE, folio)
	assert (case.category, case.rating, case.rating_comment) == ("Closed", 4, "Rápido")
	assert case.rated_on and case.rating_asked_on
	assert post(office, "answer", "own", case=folio, text="Otra vez").status_code == 200
	frappe.db.rollback()
	assert frappe.db.get_value(CASE, folio, ["category", "times_reopened"]) == ("Waiting for us", 1)


def test_after_the_days_a_case_is_not_reopened(office):
	folio = open_case(office)
	post(office, "solve", "own", case=folio)
	frappe.db.rollback()
	frappe.db.set_value(CASE, folio, "closed_on", "2020-01-01 10:00:00")
	frappe.db.commit()
	answer = post(office, "answer", "own", case=folio, text="x")
	assert answer.status_code == 417
	assert "cannot be reopened" in answer.text
	assert 'name="text"' not in page_of(office, "own", folio)


def open_case(office, **fields) -> str:
	answer = post(office, "open_case", "own", **{"subject": "Un caso", "description": "Texto", **fields})
	assert answer.status_code == 200, answer.text
	frappe.db.rollback()
	return answer.json()["message"]["case"]


def test_a_contact_opens_a_case_of_their_account(office):
	case = frappe.get_doc(CASE, open_case(office, case_type="Fault"))
	assert (case.customer, case.channel, case.raised_by) == (office.customer, "Portal", office.own)
	assert (case.contact_email, case.case_type, case.owner) == (office.own, "Fault", "Administrator")
	assert case.name in get(office, "/my-cases?state=open", "own").text
	assert case.name not in get(office, "/my-cases?state=over", "own").text
	# The channel is not that of the browser's choice.
	for field, value in (("customer", "x"), ("channel", "E-mail"), ("raised_by", office.other)):
		other = frappe.get_doc(CASE, open_case(office, **{field: value}))
		assert (other.customer, other.channel, other.raised_by) == (office.customer, "Portal", office.own)


def test_a_case_for_a_foreign_account_is_refused(office):
	foreign = f"Cronus Customer:{make_customer().name}"
	frappe.db.commit()
	data = {"subject": "x", "description": "x", "account": foreign}
	assert post(office, "open_case", "own", **data).status_code == 403
	for who in ("nobody", "stranger", "guest", "agent"):
		assert post(office, "open_case", who, subject="x", description="x").status_code == 403, who


def test_a_contact_of_two_companies_chooses(office):
	user = make_person()
	second = make_contact(make_customer().name, user)
	frappe.db.commit()
	office.both = user
	assert post(office, "open_case", "both", subject="x", description="x").status_code == 417
	chosen = second.links[0].link_name
	answer = post(
		office, "open_case", "both", subject="x", description="x", account=f"Cronus Customer:{chosen}"
	)
	assert frappe.db.get_value(CASE, answer.json()["message"]["case"], "customer") == chosen


def test_who_is_no_contact_any_more_sees_nothing(office):
	user = make_person(office.customer)
	office.former = user
	frappe.db.commit()
	answer = post(office, "open_case", "former", subject="x", description="x")
	folio = answer.json()["message"]["case"]
	assert get(office, f"/my-cases/{folio}", "former").status_code == 200
	frappe.get_last_doc("Contact", {"email_id": user}).update({"links": []}).save()
	frappe.db.commit()
	assert get(office, f"/my-cases/{folio}", "former").status_code == 404
	assert folio not in get(office, "/my-cases", "former").text


def test_an_address_that_only_looks_like_that_of_a_contact_is_none(office):
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": office.own.replace("@", "+x@"),
			"first_name": "x",
			"user_type": "Website User",
			"send_welcome_email": 0,
		}
	).insert()
	# Their field for an e-mail is no proof, nor is a name that the database takes for the same.
	frappe.db.set_value("User", user.name, "email", office.own)
	frappe.db.commit()
	office.alike = user.name
	assert get(office, f"/my-cases/{office.case.name}", "alike").status_code == 404


def test_users_of_the_desk_are_no_contacts(office):
	seller = make_user("Cronus Seller")
	make_contact(office.customer, seller, user=seller)
	frappe.db.set_value("Contact", {"email_id": seller}, "cronus_portal_access", "All cases of the account")
	frappe.db.commit()
	office.seller = seller
	assert get(office, f"/my-cases/{office.case.name}", "seller").status_code == 404
	assert get(office, f"/my-cases/{office.case.name}", "agent").status_code == 404


def test_a_merged_case_leads_to_the_other_one(office):
	from cronus_crm.cronus_service.cases.case_merging import merge_cases

	first, second = open_case(office), open_case(office)
	merge_cases(second, [first])
	frappe.db.commit()
	answer = get(office, f"/my-cases/{first}", "own", allow_redirects=False)
	assert (answer.status_code, answer.headers["Location"]) == (302, f"/my-cases/{second}")
	assert get(office, f"/my-cases/{first}", "other", allow_redirects=False).status_code == 404
	listed = get(office, "/my-cases", "own").text
	assert second in listed and first not in listed
	assert post(office, "answer", "own", case=first, text="x").json()["message"] == {"case": second}


def test_promised_times_are_shown_by_the_setting_alone(office):
	frappe.db.set_value(CASE, office.case.name, "solution_due", "2031-05-06 10:00:00")
	frappe.db.commit()
	assert "2031" not in page_of(office, "own")
	set_service(portal_shows_promises=1)
	frappe.db.commit()
	assert "2031" in page_of(office, "own")
	set_service(portal_shows_promises=0)
	frappe.db.commit()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "%", "_", "\\", "' or 1=1 -- "])
def test_what_is_searched_for_does_not_run(office, text):
	answer = get(office, "/my-cases", "own", params={"q": text})
	assert answer.status_code == 200
	assert "<script>alert(1)" not in answer.text
	assert office.case.name not in answer.text


def test_a_guest_is_led_to_the_login_and_back(office):
	answer = get(office, f"/my-cases/{office.case.name}", None, allow_redirects=False)
	assert answer.status_code == 302
	assert answer.headers["Location"] == f"/login?redirect-to=/my-cases/{office.case.name}"


def test_while_the_portal_is_closed_it_answers_nothing(office):
	set_service(portal_enabled=0)
	frappe.db.commit()
	try:
		for path in ("/my-cases", "/my-cases/new", f"/my-cases/{office.case.name}"):
			assert get(office, path, "own").status_code == 404
		assert post(office, "answer", "own", case=office.case.name, text="x").status_code == 404
		assert post(office, "open_case", "own", subject="x", description="x").status_code == 403
	finally:
		set_service(portal_enabled=1)
		frappe.db.commit()
