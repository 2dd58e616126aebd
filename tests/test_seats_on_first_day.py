"""The guide of the first day gives roles only while there are seats."""

import frappe

from cronus_crm.first_day import guide, seller_table
from cronus_crm.seats.test_seats import EXCHANGE, new_user, refused, set_free_seats
from tests.scaffold import ADMINISTRATOR, make_user, unique


def test_the_table_of_sellers_says_it_at_the_row_and_saves_the_others():
	set_free_seats(1)
	rows = [
		{"name": unique("Persona"), "email": f"{frappe.generate_hash(length=10)}@example.com", "role": role}
		for role in ("Seller", "Seller", "Management")
	]
	frappe.set_user(make_user(ADMINISTRATOR))
	first, second, third = seller_table.save_people(rows)
	assert (first["outcome"], second["outcome"], third["outcome"]) == ("created", "error", "created")
	assert "cannot be let into" in second["message"]
	assert not frappe.db.exists("User", rows[1]["email"])


def test_a_system_manager_does_not_take_the_role_past_the_limit():
	new_user(ADMINISTRATOR).insert()
	user = new_user("System Manager").insert().name
	set_free_seats(0, EXCHANGE)
	frappe.set_user(user)
	with refused():
		guide.take_role()
