"""A module that is full lets nobody else in, by whatever way; and whoever is in stays in."""

import frappe
import pytest
from frappe.utils import strip_html

from cronus_crm.patches.v0_9 import take_seats
from cronus_crm.seats import capacity_page, seat_table
from cronus_crm.seats.module_doors import DOORS, list_opening_roles
from tests.scaffold import ADMINISTRATOR, BILLING, MANAGER, SELLER, VIEWER, make_user, unique

CRM, BILLS, FIGURES, EXCHANGE, SERVICE = DOORS
AGENT, LEAD = "Cronus Service Agent", "Cronus Service Lead"
INTEGRATOR = "Cronus Integrator"


def set_free_seats(free: int, module: str = CRM) -> int:
	"""Leaves so many seats of a module free; gives back its limit."""
	seat_table.recount()
	limit = len(seat_table.list_holders(module)) + free
	set_limit(limit, module)
	return limit


def set_limit(limit: int, module: str = CRM) -> None:
	capacity = frappe.get_doc("Cronus Capacity")
	capacity.add_missing_modules()
	for row in capacity.limits:
		row.user_limit = limit if row.module_name == module else 0
	capacity.save()


def new_user(*roles: str, **fields):
	"""A user by the controller, as a form or REST would insert it."""
	frappe.conf.throttle_user_limit = 100_000
	return frappe.get_doc(
		{
			"doctype": "User",
			"email": f"{frappe.generate_hash(length=10)}@example.com",
			"first_name": unique("Persona"),
			"send_welcome_email": 0,
			"roles": [{"role": role} for role in roles],
			**fields,
		}
	)


def is_in(user: str, module: str = CRM) -> bool:
	return user in seat_table.list_holders(module)


def refused():
	return pytest.raises(frappe.ValidationError, match="cannot be let into")


# Who counts


def test_a_role_opens_the_modules_in_which_it_works():
	"""By the permissions as they are delivered."""
	assert {module: list_opening_roles(module) for module in DOORS} == {
		CRM: {SELLER, MANAGER, BILLING, INTEGRATOR, ADMINISTRATOR},
		BILLS: {SELLER, MANAGER, BILLING, INTEGRATOR, ADMINISTRATOR},
		FIGURES: {MANAGER, VIEWER, ADMINISTRATOR},
		EXCHANGE: {MANAGER, ADMINISTRATOR},
		SERVICE: {AGENT, LEAD, ADMINISTRATOR},
	}


def test_each_module_of_the_app_has_its_door_and_its_row():
	modules = frappe.get_all("Module Def", {"app_name": "cronus_crm"}, pluck="name", order_by="name asc")
	assert sorted(DOORS) == modules
	options = frappe.get_meta("Cronus Module Limit").get_field("module_name").options
	assert options.split("\n") == list(DOORS)
	for module, door in DOORS.items():
		for doctype in door.doctypes:
			assert frappe.db.get_value("DocType", doctype, "module") == module


def let_role_write(role: str) -> None:
	frappe.permissions.add_permission("Cronus Prospect", role)
	frappe.permissions.update_permission_property("Cronus Prospect", role, 0, "write", 1)
	frappe.clear_cache(doctype="Cronus Prospect")


@pytest.fixture
def role():
	"""A role of the site's own."""
	yield frappe.get_doc({"doctype": "Role", "role_name": unique("Ventas externas")}).insert()
	frappe.set_user("Administrator")
	frappe.db.rollback()
	# Permissions are kept with the values that were just rolled back.
	frappe.clear_cache(doctype="Cronus Prospect")


def test_a_role_of_the_site_counts_by_its_permissions(role):
	role = role.name
	user = new_user(role).insert()
	assert not is_in(user.name)
	let_role_write(role)
	seat_table.recount()
	assert is_in(user.name)
	set_free_seats(0)
	with refused():
		new_user(role).insert()


def test_only_enabled_users_with_a_role_have_a_seat():
	enabled, disabled, without = (
		new_user(SELLER).insert().name,
		new_user(SELLER, enabled=0).insert().name,
		new_user().insert().name,
	)
	assert [is_in(user) for user in (enabled, disabled, without, "Administrator", "Guest")] == [
		True,
		False,
		False,
		False,
		False,
	]


def test_the_seats_are_those_of_the_stored_roles_after_the_patch():
	user = make_user(SELLER)  # by rows alone, as before there were seats
	assert not is_in(user)
	take_seats.execute()
	take_seats.execute()
	assert is_in(user)
	assert is_in(user, BILLS)
	assert not is_in(user, FIGURES)


# Ways in


def test_a_new_user_is_refused_with_who_holds_the_seats_and_what_to_do():
	holder = new_user(SELLER, first_name="Ana & Co").insert()
	limit = set_free_seats(0)
	user = new_user(SELLER)
	with refused() as refusal:
		user.insert()
	text = str(refusal.value)
	assert f"of its <strong>{limit}" in text or f"of its {limit}" in text
	assert "Disable one of these users" in text
	assert "Capacity" in text
	assert "Ana & Co" not in text
	shown = [row.get("full_name") for row in capacity_page.read_capacity()["modules"][0]["holders"]]
	assert holder.full_name in shown
	# The module is full, and others are not.
	assert new_user(VIEWER).insert().name


def test_whoever_signs_up_gets_no_list_of_users():
	holder = new_user(SELLER).insert()
	set_free_seats(0)
	user = new_user(SELLER)
	frappe.set_user("Guest")
	with pytest.raises(frappe.ValidationError, match=r"All .* seats") as refusal:
		user.insert(ignore_permissions=True)
	assert holder.full_name not in str(refusal.value)


def test_a_role_given_in_the_form_is_refused():
	user = new_user().insert()
	set_free_seats(0)
	user.append("roles", {"role": SELLER})
	with refused():
		user.save()
	with refused():
		frappe.get_doc("User", user.name).add_roles(BILLING)


def test_a_user_is_enabled_only_while_there_is_a_seat():
	user = new_user(SELLER, enabled=0).insert()
	set_free_seats(0)
	user.enabled = 1
	with refused():
		user.save()
	set_free_seats(1)
	user.reload()
	user.enabled = 1
	user.save()
	assert is_in(user.name)


def test_a_row_of_roles_that_is_stored_by_itself_is_refused():
	user = new_user().insert()
	set_free_seats(0)
	row = {"doctype": "Has Role", "parent": user.name, "parenttype": "User", "parentfield": "roles"}
	with refused():
		frappe.get_doc({**row, "role": SELLER}).insert()
	set_free_seats(1)
	row = frappe.get_doc({**row, "role": SELLER}).insert()
	assert is_in(user.name)
	row.delete()
	assert not is_in(user.name)


# Role profiles


def make_profile(*roles: str):
	return frappe.get_doc(
		{
			"doctype": "Role Profile",
			"role_profile": unique("Perfil"),
			"roles": [{"role": role} for role in roles],
		}
	).insert()


def with_profile(*profiles) -> dict:
	if frappe.get_meta("User").has_field("role_profiles"):
		return {"role_profiles": [{"role_profile": profile.name} for profile in profiles]}
	(profile,) = profiles
	return {"role_profile_name": profile.name}


def test_a_profile_gives_a_seat_like_its_roles():
	profile = make_profile(SELLER)
	set_free_seats(1)
	user = new_user(**with_profile(profile)).insert()
	assert is_in(user.name)
	with refused():
		new_user(**with_profile(profile)).insert()


@pytest.mark.skipif(
	not frappe.__version__.startswith("16."), reason="a user has several profiles from Frappe 16 on"
)
def test_of_several_profiles_each_counts():
	without, profile = make_profile(VIEWER), make_profile(SELLER)
	set_free_seats(0)
	with refused():
		new_user(**with_profile(without, profile)).insert()


def test_a_profile_that_many_have_is_not_given_a_role_for_which_there_are_no_seats():
	profile = make_profile(VIEWER)
	users = [new_user(**with_profile(profile)).insert().name for _user in range(3)]
	set_free_seats(2)
	profile.reload()
	profile.append("roles", {"role": SELLER})
	with refused():
		profile.save()
	set_free_seats(3)
	profile.reload()
	profile.append("roles", {"role": SELLER})
	profile.save()
	assert all(is_in(user) for user in users)
	assert all(SELLER in frappe.get_roles(user) for user in users)


# Whoever is in


def test_whoever_is_in_is_saved_and_gets_a_password_below_a_lower_limit():
	user = new_user(SELLER).insert()
	set_limit(1)
	user.reload()
	user.update({"phone": "+593 99 123 4567", "bio": "Ventas"})
	user.append("roles", {"role": MANAGER})
	user.save()
	assert MANAGER in frappe.get_roles(user.name)
	with refused():
		new_user(SELLER).insert()


def test_whoever_was_in_before_there_were_seats_is_saved():
	user = make_user(SELLER)  # without a seat
	set_limit(1)
	frappe.db.delete("Cronus Seat", {"user": user})
	doc = frappe.get_doc("User", user)
	doc.bio = "Ventas"
	doc.save()
	assert is_in(user)


@pytest.mark.parametrize("way", ["disable", "delete", "take the role away", "disable the role"])
def test_who_leaves_frees_a_seat(way, role):
	let_role_write(role.name)
	user = new_user(role.name).insert()
	set_free_seats(0)
	with refused():
		new_user(SELLER).insert()
	if way == "disable":
		user.enabled = 0
		user.save()
	elif way == "delete":
		user.delete()
	elif way == "take the role away":
		user.remove_roles(role.name)
	else:
		role.disabled = 1
		role.save()
	assert is_in(new_user(SELLER).insert().name)


def test_a_user_who_is_renamed_or_merged_keeps_one_seat():
	user, other = new_user(SELLER).insert().name, new_user(SELLER).insert().name
	new = f"{frappe.generate_hash(length=10)}@example.com"
	frappe.rename_doc("User", user, new)
	assert (is_in(user), is_in(new)) == (False, True)
	frappe.rename_doc("User", new, other, merge=True)
	assert (is_in(new), is_in(other)) == (False, True)


# Limits and notices


def test_limits_that_are_none_are_refused_with_their_row():
	capacity = frappe.get_doc("Cronus Capacity")
	capacity.add_missing_modules()
	capacity.limits[1].user_limit = -1
	with pytest.raises(frappe.ValidationError, match=r"-1|negative"):
		capacity.save()
	capacity.reload()
	capacity.add_missing_modules()
	capacity.append("limits", {"module_name": CRM, "user_limit": 3})
	with pytest.raises(frappe.ValidationError, match="another row"):
		capacity.save()


def test_limits_that_are_sent_as_new_take_the_place_of_the_old():
	set_limit(900)
	for limit in (800, 700):
		frappe.get_doc(
			{"doctype": "Cronus Capacity", "limits": [{"module_name": CRM, "user_limit": limit}]}
		).insert()
	assert seat_table.read_limits() == {CRM: 700}
	assert frappe.db.count("Cronus Module Limit", {"parent": "Cronus Capacity"}) == len(DOORS)


def notices_of(user: str) -> list[str]:
	rows = {"for_user": user, "document_type": "Cronus Capacity"}
	return frappe.get_all("Notification Log", rows, pluck="subject", order_by="creation asc")


def test_administrators_are_told_once_at_ninety_percent():
	administrator = make_user(ADMINISTRATOR)
	seat_table.recount()
	limit = max(20, 10 * (len(seat_table.list_holders(CRM)) + 1))
	set_limit(limit)
	assert notices_of(administrator) == []
	near = -(-limit * 9 // 10)
	missing = near - len(seat_table.list_holders(CRM))
	seat_table.take_seats((f"u{number}@example.com", CRM) for number in range(missing - 1))
	assert notices_of(administrator) == []
	users = [new_user(SELLER).insert() for _user in range(2)]
	(notice,) = notices_of(administrator)
	assert strip_html(notice) == f"Of the {limit} seats of Cronus CRM, {near} are taken."
	for user in users:
		user.delete()
	new_user(SELLER).insert()
	assert len(notices_of(administrator)) == 2


def test_a_limit_that_is_reached_as_it_is_set_is_told():
	administrator = make_user(ADMINISTRATOR)
	set_free_seats(0)
	assert len(notices_of(administrator)) == 1


# The page


def test_the_page_says_limit_used_and_who():
	user = new_user(SELLER, MANAGER).insert()
	limit = set_free_seats(2, FIGURES)
	answer = capacity_page.read_capacity()
	assert answer["capacity"] == {"module": FIGURES, "limit": limit}
	of_module = {row["module"]: row for row in answer["modules"]}
	assert (of_module[FIGURES]["limit"], of_module[FIGURES]["used"]) == (limit, limit - 2)
	assert of_module[CRM]["limit"] == 0
	(holder,) = (row for row in of_module[FIGURES]["holders"] if row["user"] == user.name)
	assert holder == {"user": user.name, "full_name": user.full_name, "roles": [MANAGER]}


@pytest.mark.parametrize("roles", [(SELLER,), (MANAGER,), (BILLING,), ("System Manager",), ()])
def test_only_administrators_of_the_crm_read_it(roles):
	frappe.set_user(make_user(*roles))
	with pytest.raises(frappe.PermissionError):
		capacity_page.read_capacity()
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc("Cronus Capacity").check_permission("read")


def test_an_administrator_of_the_crm_sets_the_limits():
	frappe.set_user(make_user(ADMINISTRATOR))
	set_limit(0)
	assert capacity_page.read_capacity()["capacity"] is None
