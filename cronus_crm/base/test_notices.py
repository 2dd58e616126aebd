import frappe

from cronus_crm.base.notices import send_notice, user_language
from tests.scaffold import make_user


def test_a_notice_is_for_its_user_and_opens_what_it_names(site):
	user = make_user("Cronus Seller")
	send_notice(user, "<b>Look</b>", document=("User", user))
	send_notice(user, "Look there", link="/app/user")
	rows = frappe.get_all(
		"Notification Log",
		filters={"for_user": user},
		fields=["subject", "document_type", "document_name", "link"],
		order_by="creation asc",
	)
	assert [(row.subject, row.document_type, row.document_name) for row in rows] == [
		("<b>Look</b>", "User", user),
		("Look there", None, None),
	]
	assert rows[1].link == "/app/user"


def test_a_user_without_a_language_is_told_in_that_of_the_site(site):
	user = make_user("Cronus Seller")
	frappe.db.set_value("User", user, "language", None)
	assert user_language(user) == user_language(None)
	frappe.db.set_value("User", user, "language", "es")
	assert user_language(user) == "es"
