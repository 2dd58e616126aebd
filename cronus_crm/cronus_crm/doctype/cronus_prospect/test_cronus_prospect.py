from datetime import date, timedelta

import frappe
import pytest
from frappe.utils import get_datetime, getdate, nowdate

from cronus_crm.cronus_crm.prospects import prospect_follow_ups
from tests.scaffold import invoice_of, issue_proforma, make_customer, make_seller, new_proforma, unique

TOMORROW = f"{date.today() + timedelta(days=1)} 10:00:00"
NEXT_WEEK = f"{date.today() + timedelta(days=7)} 16:30:00"


@pytest.fixture
def seller():
	return make_seller()


def make_prospect(seller: str | None, **fields):
	return frappe.get_doc(
		{"doctype": "Cronus Prospect", "prospect_name": unique("Prospect"), "seller": seller, **fields}
	).insert()


def appointments_of(prospect) -> list:
	return frappe.get_all(
		"Cronus Activity",
		filters={"prospect": prospect.name},
		fields=["name", "subject", "state", "starts_on", "ends_on", "color", "text_color", "seller"],
		order_by="creation asc",
	)


def proforma_for(prospect, **fields):
	"""An issued proforma for a prospect; without a customer unless one is given."""
	proforma = new_proforma(None, customer="none")
	proforma.update({"prospect": prospect.name, "customer": None, **fields})
	return proforma.insert().submit()


def test_folios_are_consecutive_within_the_year(seller):
	first, second = make_prospect(seller.name), make_prospect(seller.name)
	year, number = first.name.removeprefix("PR-").split("-")
	assert year == nowdate()[:4]
	assert second.name == f"PR-{year}-{int(number) + 1:05}"


def test_what_a_seller_creates_is_theirs_with_their_work_centre(seller):
	centre = frappe.get_doc({"doctype": "Cronus Work Center", "work_center": unique("Centre")}).insert()
	seller.update({"work_center": centre.name}).save()
	frappe.set_user(seller.user)
	prospect = make_prospect(None)
	assert (prospect.seller, prospect.work_center, prospect.owner) == (seller.name, centre.name, seller.user)
	assert getdate(prospect.contacted_on) == getdate(nowdate())


def test_continuing_with_a_customer_takes_what_is_known_of_it(seller):
	customer = make_customer(
		seller.name, phone="55 1234 5678", email="a@example.com", tax_id="ABC-1", city="Puebla"
	)
	prospect = frappe.get_doc(
		{"doctype": "Cronus Prospect", "customer": customer.name, "phone": "55 8765 4321"}
	).insert()
	assert prospect.prospect_name == prospect.company_name == customer.customer_name
	assert (prospect.phone, prospect.email, prospect.city) == ("55 8765 4321", "a@example.com", "Puebla")


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"prospect_name": "   "}, "prospect_name"),
		({"email": "nobody"}, "nobody"),
		({"contacted_on": "2026-13-45"}, "2026-13-45"),
		({"contacted_on": str(date.today() + timedelta(days=9))}, "in the future"),
		({"appointment_on": "soon"}, "soon"),
		({"color": "red;x:y"}, "not a colour"),
		({"medium": "Pigeon"}, "Pigeon"),
		({"customer": "CL-none"}, "CL-none"),
	],
)
def test_bad_input_is_refused(seller, wrong, says):
	with pytest.raises(Exception, match=says) as refusal:
		make_prospect(seller.name, **wrong)
	assert not isinstance(refusal.value, AssertionError)


def test_what_the_system_writes_is_not_taken_from_a_client(seller):
	prospect = make_prospect(
		seller.name, state="Ordered", quotation="PF-1", made_customer=1, light="Green", converted_on=TOMORROW
	)
	prospect.update({"state": "Converted", "order": "FAC-1", "contact": None}).save()
	prospect.reload()
	assert (prospect.state, prospect.quotation, prospect.order) == ("Open", None, None)
	assert (prospect.made_customer, prospect.converted_on) == (0, None)


def test_an_appointment_is_an_activity_in_the_colours_of_the_prospect(seller):
	prospect = make_prospect(
		seller.name, appointment_on=TOMORROW, color="#ff0000", text_color="#00ff00", subject="Show samples"
	)
	(activity,) = appointments_of(prospect)
	assert prospect.appointment == activity.name
	assert (activity.subject, activity.seller) == ("Show samples", seller.name)
	assert (activity.color.lower(), activity.text_color.lower()) == ("#ff0000", "#00ff00")
	assert activity.starts_on == get_datetime(TOMORROW)
	assert (activity.ends_on - activity.starts_on).seconds == 3600


def test_an_appointment_moves_and_goes_with_its_prospect(seller):
	prospect = make_prospect(seller.name, appointment_on=TOMORROW)
	prospect.save()
	prospect.update({"appointment_on": NEXT_WEEK, "color": "#123456"}).save()
	(activity,) = appointments_of(prospect)
	assert (activity.starts_on, activity.color) == (get_datetime(NEXT_WEEK), "#123456")
	assert prospect.prospect_name in activity.subject
	prospect.update({"appointment_on": None}).save()
	(activity,) = appointments_of(prospect)
	assert (activity.state, prospect.appointment) == ("Cancelled", None)


def test_after_an_appointment_has_taken_place_another_date_is_another_one(seller):
	prospect = make_prospect(seller.name, appointment_on=TOMORROW)
	frappe.get_doc("Cronus Activity", prospect.appointment).update({"state": "Done"}).save()
	prospect.reload().update({"subject": "Other words"}).save()
	assert len(appointments_of(prospect)) == 1
	prospect.update({"appointment_on": NEXT_WEEK}).save()
	past, coming = appointments_of(prospect)
	assert (past.state, past.starts_on) == ("Done", get_datetime(TOMORROW))
	assert (coming.state, coming.starts_on) == ("Pending", get_datetime(NEXT_WEEK))
	assert prospect.appointment == coming.name


def test_an_appointment_that_is_moved_or_cancelled_in_the_agenda_is_so_on_the_prospect(seller):
	prospect = make_prospect(seller.name, appointment_on=TOMORROW)
	activity = frappe.get_doc("Cronus Activity", prospect.appointment)
	activity.update({"starts_on": NEXT_WEEK}).save()
	assert prospect.reload().appointment_on == get_datetime(NEXT_WEEK)
	prospect.update({"notes": "Seen"}).save()
	assert activity.reload().starts_on == get_datetime(NEXT_WEEK)
	activity.update({"state": "Cancelled"}).save()
	prospect.reload()
	assert (prospect.appointment, prospect.appointment_on) == (None, None)


def test_an_appointment_is_deleted_with_its_prospect_and_without_it(seller):
	prospect = make_prospect(seller.name, appointment_on=TOMORROW)
	frappe.delete_doc("Cronus Activity", prospect.appointment)
	assert prospect.reload().appointment_on is None
	prospect.update({"appointment_on": TOMORROW}).save()
	frappe.set_user(seller.user)
	frappe.delete_doc("Cronus Prospect", prospect.name)
	assert appointments_of(prospect) == []


@pytest.mark.parametrize(
	("result", "state"),
	[
		("Information", "Open"),
		("No answer", "Open"),
		("Quotation made", "Quoted"),
		("Order made", "Ordered"),
		("Cancelled", "Cancelled"),
	],
)
def test_a_follow_up_moves_the_prospect(seller, result, state):
	prospect = make_prospect(seller.name)
	frappe.set_user(seller.user)
	plan = {"activity_type": "Call", "starts_on": NEXT_WEEK}
	made = prospect_follow_ups.add_follow_up(prospect.name, result, "They <b>asked</b>\nfor a sample", plan)
	assert made["state"] == state == prospect.reload().state
	done, following = (frappe.get_doc("Cronus Activity", made[which]) for which in ("activity", "next"))
	assert (done.state, done.result, done.prospect) == ("Done", result, prospect.name)
	assert "They &lt;b&gt;asked&lt;/b&gt;<br>for a sample" in done.notes
	assert frappe.get_cached_value("Cronus Activity Type", done.activity_type, "kind") == "Follow-up"
	assert (following.state, following.activity_type) == ("Pending", "Call")
	assert (following.prospect, following.seller) == (prospect.name, seller.name)


def test_a_follow_up_may_finish_what_was_pending(seller):
	prospect = make_prospect(seller.name, appointment_on=TOMORROW)
	choices = prospect_follow_ups.prepare_follow_up(prospect.name)
	assert [row.name for row in choices["pending"]] == [prospect.appointment]
	assert choices["next_on"].date() > date.today()
	made = prospect_follow_ups.add_follow_up(prospect.name, "Information", activity=prospect.appointment)
	assert (made["activity"], made["next"]) == (prospect.appointment, None)
	assert frappe.db.get_value("Cronus Activity", prospect.appointment, "state") == "Done"
	with pytest.raises(frappe.ValidationError, match="no longer pending"):
		prospect_follow_ups.add_follow_up(prospect.name, "Information", activity=prospect.appointment)


@pytest.mark.parametrize(
	("wrong", "says"),
	[
		({"result": ""}, "what came of it"),
		({"result": "Perhaps"}, "Perhaps"),
		({"next_activity": {"activity_type": "Call", "starts_on": "soon"}}, "soon"),
		({"next_activity": {"activity_type": "Séance", "starts_on": NEXT_WEEK}}, "Séance"),
		({"next_activity": {"activity_type": "Call"}}, "not a date"),
		({"activity": "of another"}, "not of"),
	],
)
def test_a_bad_follow_up_is_refused(seller, wrong, says):
	prospect = make_prospect(seller.name)
	with pytest.raises(frappe.ValidationError, match=says):
		prospect_follow_ups.add_follow_up(**{"prospect": prospect.name, "result": "Information", **wrong})


def test_an_order_is_not_taken_back_by_another_quotation_but_by_cancelling(seller):
	prospect = make_prospect(seller.name)
	prospect_follow_ups.add_follow_up(prospect.name, "Order made")
	assert prospect_follow_ups.add_follow_up(prospect.name, "Quotation made")["state"] == "Ordered"
	assert prospect_follow_ups.add_follow_up(prospect.name, "Cancelled")["state"] == "Cancelled"
	assert prospect.reload().light == "Grey"
	assert prospect_follow_ups.reopen_prospect(prospect.name) == "Ordered"
	assert prospect.reload().light != "Grey"
	with pytest.raises(frappe.ValidationError, match="not cancelled"):
		prospect_follow_ups.reopen_prospect(prospect.name)


def test_documents_give_a_prospect_its_state_and_take_it_back(seller):
	prospect = make_prospect(seller.name, customer=make_customer(seller.name).name)
	first = proforma_for(prospect)
	second = proforma_for(prospect)
	assert (prospect.reload().state, prospect.quotation) == ("Quoted", second.name)
	second.cancel()
	assert (prospect.reload().state, prospect.quotation) == ("Quoted", first.name)
	invoice = invoice_of(first)
	assert (prospect.reload().state, prospect.order) == ("Ordered", invoice.name)
	invoice.cancel()
	assert (prospect.reload().state, prospect.order) == ("Quoted", None)
	first.reload().cancel()
	assert (prospect.reload().state, prospect.quotation) == ("Open", None)


def test_a_document_takes_up_again_what_was_given_up_and_its_end_does_not(seller):
	prospect = make_prospect(seller.name)
	first = proforma_for(prospect)
	prospect_follow_ups.add_follow_up(prospect.name, "Cancelled")
	first.cancel()
	assert (prospect.reload().state, prospect.quotation) == ("Cancelled", None)
	proforma_for(prospect)
	assert prospect.reload().state == "Quoted"


def test_documents_of_nobodys_prospect_are_left_alone(seller):
	prospect = make_prospect(seller.name)
	invoice_of(issue_proforma(seller.name))
	assert prospect.reload().state == "Open"


def test_follow_ups_come_newest_first_page_by_page(seller):
	prospect = make_prospect(seller.name)
	for day in range(25):
		frappe.get_doc(
			{
				"doctype": "Cronus Activity",
				"subject": str(day),
				"activity_type": "Call",
				"prospect": prospect.name,
				"seller": seller.name,
				"starts_on": f"2026-03-{day + 1:02} 10:00:00",
			}
		).insert()
	frappe.set_user(seller.user)
	page = prospect_follow_ups.list_follow_ups(prospect.name)
	assert ([row.subject for row in page["rows"]][:2], len(page["rows"]), page["more"]) == (
		["24", "23"],
		20,
		True,
	)
	rest = prospect_follow_ups.list_follow_ups(prospect.name, start=20)
	assert (len(rest["rows"]), rest["more"]) == (5, False)
	assert prospect.follow_ups()[0].subject == "0"


def test_a_prospect_with_a_history_is_not_deleted(seller):
	prospect = make_prospect(seller.name)
	prospect_follow_ups.add_follow_up(prospect.name, "Information")
	with pytest.raises(frappe.LinkExistsError):
		frappe.delete_doc("Cronus Prospect", prospect.name)
