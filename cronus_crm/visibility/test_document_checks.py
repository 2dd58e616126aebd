"""Values, rows, series and texts are asked about before anything else reads them, in every DocType of
ours."""

import datetime
import re

import frappe
import pytest
from frappe import _
from frappe.utils import getdate, nowdate

from cronus_crm.base import arguments
from cronus_crm.visibility import document_checks
from tests.scaffold import (
	ADMINISTRATOR,
	ensure_product,
	issue_proforma,
	make_customer,
	make_seller,
	make_user,
	new_proforma,
	unique,
)

NO_NUMBERS = (
	"NaN",
	"Infinity",
	"-inf",
	"1e308",
	"12,50",
	"1.234,50",
	"$ 15",
	"0x10",
	"1_000",
	"ten",
	[1],
	{},
	float("nan"),
)
NO_DATES = (
	"0001-01-01",
	"9999-12-31",
	"1926-11-26",
	"2062-11-26",
	"26-11-26",
	"0026-11-26",
	"1/12/10",
	"2026-11-26T08:26:00Z",
	"2026-11-26 08:26:00",
	"٢٠٢٦-١١-٢٦",
	"1764115200",
	True,
	"31-12-10",
	"01/12/2010",
	"2026-02-30",
	"20261126",
	"tomorrow",
	1764115200,
	["2026-11-26"],
	{},
)


def draft(**values):
	seller = make_seller()
	return frappe.get_doc(
		{
			"doctype": "Proforma",
			"customer": make_customer(seller.name).name,
			"seller": seller.name,
			"items": [{"product": ensure_product(), "quantity": 1, "price": 10}],
			**values,
		}
	)


@pytest.mark.parametrize("value", NO_NUMBERS, ids=str)
def test_what_is_no_number_is_refused_with_its_field_and_value(value):
	with pytest.raises(frappe.ValidationError, match=r"Price.*is not a number"):
		draft(items=[{"product": ensure_product(), "quantity": 1, "price": value}]).insert()
	with pytest.raises(frappe.ValidationError, match="is not a number"):
		make_customer(credit_limit=value)


@pytest.mark.parametrize("value", (0, 0.0, "0", "12.5", " 12.50 ", "-3", "1e3", True), ids=repr)
def test_what_is_a_number_is_taken(value):
	assert document_checks._is_number(value, None)


@pytest.mark.parametrize("value", NO_DATES, ids=str)
def test_what_is_no_date_is_refused_with_its_field_and_value(value):
	with pytest.raises(frappe.ValidationError, match="is not a date from 1970 to 20"):
		draft(posting_date=value).insert()


@pytest.mark.parametrize("shape", ("{}", "{} 00:00:00", None))
def test_what_is_a_date_is_taken(shape):
	value = shape.format(nowdate()) if shape else getdate()
	assert getdate(draft(posting_date=value).insert().posting_date) == getdate()


@pytest.mark.parametrize(
	"value",
	(
		"2026-11-26T08:26:00Z",
		"26/11/2026 10:00",
		"2026-11-26 25",
		"2026-11-26 25:00",
		"2026-11-26 10:61",
		"2026-11-26 10:00:00-05:00",
		"1926-11-26 10:00",
		"2062-11-26 10:00",
		5,
		{},
	),
	ids=str,
)
def test_what_is_no_moment_is_refused(value):
	activity = {"doctype": "Cronus Activity", "activity_type": "Call", "subject": "x", "starts_on": value}
	with pytest.raises(frappe.ValidationError, match="is not a date and time"):
		frappe.get_doc({**activity, "seller": make_seller().name}).insert()


@pytest.mark.parametrize(
	"value", ("2026-11-26 10:00", "2026-11-26T10:00:00", datetime.datetime(2026, 11, 26, 10)), ids=str
)
def test_what_is_a_moment_is_taken(value):
	assert arguments.parse_moment(str(value))


@pytest.mark.parametrize("value", (True, ["x"], {"x": 1}), ids=str)
def test_what_is_no_text_is_refused(value):
	with pytest.raises(frappe.ValidationError, match="is not what belongs there"):
		make_customer(tax_id=value)


@pytest.mark.parametrize("colour", ("red;background:url(x)", "#12", '#fff" onload="x', "javascript:1"))
def test_what_is_no_colour_is_refused(colour):
	activity = {"doctype": "Cronus Activity", "activity_type": "Call", "subject": "x", "color": colour}
	with pytest.raises(frappe.ValidationError, match="is not a colour"):
		frappe.get_doc(
			{**activity, "seller": make_seller().name, "starts_on": "2026-11-26 10:00:00"}
		).insert()


def test_what_is_refused_is_shown_as_text():
	with pytest.raises(frappe.ValidationError, match="&lt;img"):
		draft(posting_date="<img src=x onerror=alert(1)>").insert()


STORED_SCRIPTS = (
	'"<img src=x onerror=alert(1)>"',
	'["<svg onload=alert(1)>"]',
	'{"a": "<script>alert(1)</script>"}',
	"<img src=x onerror=alert(1)>",
	'"<a href=javascript:alert(1)>x</a>"',
)


@pytest.mark.parametrize("script", STORED_SCRIPTS)
def test_no_text_is_kept_that_a_browser_would_run(script):
	customer = make_customer(customer_name=f"{unique('C')} {script}"[:140], notes=script, city=script)
	for text in (customer.customer_name, customer.notes, customer.city):
		assert_harmless(text)
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "x", "department": script}).insert()
	assert_harmless(contact.department)
	comment = customer.add_comment("Comment", script)
	assert_harmless(comment.content)


@pytest.mark.parametrize("script", STORED_SCRIPTS)
def test_nor_when_it_is_sent_with_the_submission(script):
	proforma = draft(notes=script, docstatus=1).insert()
	assert_harmless(proforma.notes)


def assert_harmless(text: str) -> None:
	lower = text.lower()
	assert not any(
		f"<{tag}" in lower and "on" in lower.split(f"<{tag}")[1].split(">")[0] for tag in ("img", "svg")
	)
	assert "<script" not in lower and "javascript:" not in lower


@pytest.mark.parametrize("text", ("5 > 3 and 2 < 3", '"quoted"', "[a list]", '{"json": 1}', "Ñandú & Hijos"))
def test_text_without_markup_is_kept(text):
	assert make_customer(notes=text).notes == text


PIXEL = (
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAA"
	"AABJRU5ErkJggg=="
)


def test_a_picture_that_was_pasted_becomes_a_private_file():
	prospect = frappe.get_doc(
		{
			"doctype": "Cronus Prospect",
			"prospect_name": "Ana",
			"notes": f'<p>Local</p><img src="{PIXEL}" onerror="alert(1)"><img src=\'{PIXEL}\'>',
		}
	).insert()
	assert prospect.notes.count("/private/files/") == 2
	assert "onerror" not in prospect.notes
	files = {"attached_to_doctype": "Cronus Prospect", "attached_to_name": prospect.name, "is_private": 1}
	assert frappe.db.count("File", files) == 2


@pytest.mark.parametrize(
	"picture",
	[
		'<img src="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9zdmc+">',
		'<img src="data:text/html;base64,PHNjcmlwdD4=">',
		'<a href="data:image/png;base64,AAAA">x</a>',
		'<iframe src="data:image/png;base64,AAAA"></iframe>',
	],
)
def test_other_data_is_taken_out_of_a_text(picture):
	clean = document_checks.remove_scripts(f"<p>x</p>{picture}")
	# What is escaped is text.
	assert not re.search(r"<[^>]*data:", clean)


def test_a_row_of_another_document_is_not_taken():
	seller = make_seller()
	issued = issue_proforma(seller.name)
	mine = new_proforma(seller.name).insert()
	mine.items[0].name = issued.items[0].name
	with pytest.raises(frappe.PermissionError, match="another document"):
		mine.save()
	assert frappe.db.get_value("Cronus Document Item", issued.items[0].name, "parent") == issued.name


def test_a_row_of_its_own_goes_with_the_document():
	proforma = new_proforma(make_seller().name, lines=3).insert()
	proforma.items.reverse()
	proforma.append("items", {"product": ensure_product(), "quantity": 1, "price": 1})
	proforma.save()
	assert len(proforma.reload().items) == 4


@pytest.mark.parametrize("fieldname", ("notes", "customer", "posting_date"))
def test_an_issued_document_is_cancelled_as_it_stands(fieldname):
	seller = make_seller()
	proforma = issue_proforma(seller.name)
	others = {"notes": "changed", "customer": make_customer(seller.name).name, "posting_date": "2020-01-01"}
	proforma.set(fieldname, others[fieldname])
	with pytest.raises(frappe.UpdateAfterSubmitError):
		proforma.cancel()
	proforma.reload().items[0].price = 1
	with pytest.raises(frappe.UpdateAfterSubmitError):
		proforma.cancel()
	proforma.reload().cancel()
	assert proforma.docstatus == 2


@pytest.mark.parametrize("series", ("X-.####", "FAC-.YYYY.-.#####", "PF-.YYYY.-.##", "hash"))
def test_a_draft_takes_no_number_of_other_documents(series):
	with pytest.raises(frappe.ValidationError, match="is not a series of"):
		draft(naming_series=series).insert()


def test_a_series_of_its_own_is_taken():
	series = frappe.get_meta("Proforma").get_field("naming_series").options.split("\n")[0]
	assert draft(naming_series=series).insert().name


@pytest.mark.parametrize("name", ("page.svg", "page.html", "Page.HTM", "feed.xml", "x.xhtml", "x.mhtml"))
def test_a_file_that_a_browser_would_run_is_private(name):
	frappe.set_user(make_seller().user)
	file = frappe.get_doc(
		{"doctype": "File", "file_name": name, "content": "<p>x</p>", "is_private": 0}
	).insert()
	assert file.is_private and file.file_url.startswith("/private/")
	file.is_private = 0
	file.save()
	assert file.is_private


def test_a_picture_may_be_public():
	frappe.set_user(make_seller().user)
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "a.png", "content": b"\x89PNG", "is_private": 0}
	).insert()
	assert not file.is_private


def test_links_are_asked_before_a_controller_speaks():
	"""A refusal tells nothing of what is pointed at: neither its customer, nor that it is disabled."""
	theirs = make_customer(make_seller().name, customer_name=unique("Secret"))
	theirs.disabled = 1
	theirs.save()
	frappe.set_user(make_seller().user)
	for doctype in ("Proforma", "Cronus Order", "Cronus Opportunity"):
		doc = frappe.get_doc(
			{"doctype": doctype, "customer": theirs.name, "title": "x", "stage": "Initial contact"}
		)
		with pytest.raises(frappe.PermissionError) as refusal:
			doc.insert()
		assert theirs.customer_name not in str(refusal.value)


def test_values_of_the_framework_are_left_alone():
	"""DocTypes that are not ours keep the framework's ways."""
	todo = frappe.get_doc({"doctype": "ToDo", "description": "x", "date": "2026-11-26"}).insert()
	assert todo.name
	assert make_user(ADMINISTRATOR)


@pytest.mark.parametrize("value", (2.5, "2,5", "2.0", [2]), ids=str)
def test_what_is_no_whole_number_is_refused(value):
	terms = {"doctype": "Cronus Payment Terms", "title": unique("Terms")}
	with pytest.raises(frappe.ValidationError, match="is not a whole number"):
		frappe.get_doc({**terms, "terms": [{"percent": 100, "days": value}]}).insert()


def list_our_doctypes() -> list[str]:
	return frappe.get_all("DocType", {"module": ("like", "Cronus %")}, pluck="name", order_by="name")


def test_every_field_of_every_doctype_refuses_what_it_is_not():
	"""The head and the rows of each, whatever else is missing: nothing reads a value before the check."""
	wrong = {
		**dict.fromkeys(("Currency", "Float", "Percent"), "1.234,50"),
		**dict.fromkeys(("Int", "Check"), "2,5"),
		**dict.fromkeys(("Date", "Datetime"), "31-12-10"),
		**{fieldtype: ["x"] for fieldtype in ("Data", "Link", "Select", "Small Text")},
	}
	asked = 0
	for doctype in list_our_doctypes():
		for field in frappe.get_meta(doctype).fields:
			if field.fieldtype not in wrong:
				continue
			doc = {"doctype": doctype, field.fieldname: wrong[field.fieldtype]}
			with pytest.raises(frappe.ValidationError) as refusal:
				frappe.get_doc(doc).insert()
			assert frappe.bold(_(field.label, context=doctype)) in str(refusal.value), (
				doctype,
				field.fieldname,
			)
			asked += 1
	assert asked > 300


@pytest.mark.parametrize("fieldname", ("creation", "modified", "owner", "idx", "docstatus", "name"))
def test_fields_of_every_document_are_asked_too(fieldname):
	with pytest.raises(frappe.ValidationError):
		make_customer(**{fieldname: ["x"]})


def test_a_document_with_a_date_of_long_ago_is_cancelled():
	"""What was stored before there was a range goes its way."""
	proforma = issue_proforma(make_seller().name)
	frappe.db.set_value("Proforma", proforma.name, "posting_date", "1926-11-26")
	proforma.reload().cancel()
	assert proforma.docstatus == 2


def test_a_number_as_text_becomes_a_number():
	doc = draft(
		items=[{"product": ensure_product(), "quantity": " 2.5 ", "price": "12.50"}], discount_percent="0"
	)
	doc.insert()
	assert (doc.items[0].quantity, doc.items[0].price, doc.net_total) == (2.5, 12.5, 31.25)
