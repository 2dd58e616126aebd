"""Who may import, and whose customers."""

import frappe
import pytest

from cronus_crm.cronus_exchange.exporting import row_files, templates
from cronus_crm.cronus_exchange.running import import_actions
from tests.import_helper import check, check_and_run, records_of, rows_of
from tests.scaffold import BILLING, SELLER, VIEWER, make_customer, make_user, unique

TEXT = "Nombre;RUC;Vendedor\n"


def test_nobody_without_the_role_starts_sees_or_previews_one(imports, team):
	name = imports(f"{TEXT}Acme;{unique('T')};{team.seller.name}\n")
	for role in (SELLER, VIEWER, BILLING, None):
		frappe.set_user(make_user(*([role] if role else [])))
		assert not frappe.has_permission("Cronus Customer Import", "read")
		assert not frappe.has_permission("Cronus Customer Import", "create")
		for action in (
			import_actions.read_file,
			import_actions.preview_file,
			import_actions.check,
			import_actions.run,
			import_actions.stop,
			import_actions.resume,
			import_actions.undo,
			import_actions.read_progress,
			lambda name: row_files.send_rows(name, "New"),
			lambda name: templates.send_template("Customers", "Empty", "CSV"),
		):
			with pytest.raises(frappe.PermissionError):
				action(name)
	frappe.set_user("Administrator")


def test_a_manager_imports_into_their_own_team(imports, team):
	user = team.manager.user
	good = f"{unique('Acme')};{unique('T')};{team.seller.name}\n"
	bad = f"{unique('Acme')};{unique('T')};{team.stranger.name}\n"
	name = imports(TEXT + good + bad, user=user)
	doc = check_and_run(name, user)
	assert (doc.rows_new, doc.rows_wrong) == (1, 1)
	(customer,) = records_of(name, "Cronus Customer")
	assert frappe.db.get_value("Cronus Customer", customer, ["seller", "owner"]) == (team.seller.name, user)


@pytest.fixture
def theirs(team):
	"""A customer of another team, with all that it can be known by."""
	customer = make_customer(
		team.stranger.name,
		customer_name=unique("Distribuidora Andina"),
		tax_id=unique("T"),
		code=unique("c"),
		external_key=unique("k"),
		email=f"{frappe.generate_hash(length=8)}@example.com",
		city="Loja",
	)
	frappe.db.commit()
	yield customer
	customer.delete()
	frappe.db.commit()


@pytest.mark.parametrize("key", ["name", "code", "external_key", "tax_id"])
def test_a_manager_changes_no_customer_of_another_team(imports, team, theirs, key):
	user, heading = team.manager.user, frappe.get_meta(theirs.doctype).get_label(key)
	heading = {"name": "Number", "external_key": "External id"}.get(key, heading)
	text = f"{heading};Nombre;Ciudad\n{theirs.get(key)};{theirs.customer_name};Quito\n"
	name = imports(text, user=user, writes="Update only")
	doc = check(name, user)
	assert doc.rows_wrong + doc.rows_left_out == 1
	reason = rows_of(name)[2].reason
	assert "portfolio" not in reason
	assert key == "name" or theirs.name not in reason
	assert theirs.seller not in reason
	assert frappe.db.get_value(theirs.doctype, theirs.name, "city") == "Loja"


def test_what_nobody_has_and_what_another_team_has_is_said_in_the_same_words(imports, team, theirs):
	user = team.manager.user
	for heading, known in (("Number", theirs.name), ("RUC", theirs.tax_id)):
		unknown = unique("X")
		text = f"{heading};Nombre;Vendedor\n{known};A;{team.seller.name}\n{unknown};B;{team.seller.name}\n"
		name = imports(text, user=user)
		check(name, user)
		mine, nobodys = rows_of(name)[2], rows_of(name)[3]
		assert mine.outcome == nobodys.outcome
		assert (mine.reason or "").replace(known, unknown) == (nobodys.reason or "")


def test_likely_doubles_are_only_those_that_the_manager_sees(imports, team, theirs):
	ours = make_customer(team.seller.name, customer_name=unique("Comercial del Puerto"))
	frappe.db.commit()
	text = (
		"Nombre;Correo;Vendedor\n"
		f"{theirs.customer_name} S.A.;{theirs.email};{team.seller.name}\n"
		f"{ours.customer_name} S.A.;;{team.seller.name}\n"
	)
	name = imports(text, user=team.manager.user)
	doc = check(name, team.manager.user)
	assert (doc.rows_new, doc.rows_similar) == (1, 1)
	assert ours.name in rows_of(name)[3].reason
	ours.delete()
	frappe.db.commit()


def test_a_manager_does_not_see_the_import_of_another_team(imports, team):
	other = make_user(SELLER, "Cronus Sales Manager")
	name = imports(f"{TEXT}Acme;{unique('T')};{team.seller.name}\n", user=team.manager.user)
	check(name, team.manager.user)
	frappe.set_user(other)
	assert not frappe.get_list("Cronus Customer Import", {"name": name}, order_by="name")
	assert not frappe.get_list("Cronus Import Row", {"customer_import": name}, order_by="name")
	with pytest.raises(frappe.PermissionError):
		import_actions.preview_file(name)
	frappe.set_user(team.manager.user)
	assert frappe.get_list("Cronus Import Row", {"customer_import": name}, order_by="name")
	frappe.set_user("Administrator")


def test_a_file_of_somebody_else_is_not_read(imports, team):
	name = imports(f"{TEXT}Acme;{unique('T')};{team.seller.name}\n")
	url = frappe.db.get_value("Cronus Customer Import", name, "file")
	frappe.set_user(team.manager.user)
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		doc = frappe.get_doc(
			{"doctype": "Cronus Customer Import", "target": "Customers", "file": url}
		).insert()
		import_actions.read_file(doc.name)
	frappe.set_user("Administrator")
	frappe.db.rollback()


def test_what_only_the_server_writes_is_not_sent(imports, team):
	name = imports(f"{TEXT}Acme;{unique('T')};{team.seller.name}\n")
	doc = frappe.get_doc("Cronus Customer Import", name)
	doc.update(
		{"state": "Dry run made", "records_created": 7, "task_user": "Administrator", "choices_key": "x"}
	)
	doc.save()
	doc.reload()
	assert (doc.state, doc.records_created) == ("File read", 0)
	with pytest.raises(frappe.ValidationError):
		import_actions.run(name)
	frappe.db.rollback()


def test_columns_are_those_of_the_file(imports, team):
	name = imports(f"{TEXT}Acme;{unique('T')};{team.seller.name}\n")
	doc = frappe.get_doc("Cronus Customer Import", name)
	doc.append("columns", {"heading": "Ciudad", "target_field": "Customer.city"})
	with pytest.raises(frappe.ValidationError, match="those of the file"):
		doc.save()
	doc.reload()
	doc.columns = doc.columns[:2]
	with pytest.raises(frappe.ValidationError, match="those of the file"):
		doc.save()
	frappe.db.rollback()


def test_a_field_that_is_none_is_refused_with_its_column(imports, team):
	name = imports(f"{TEXT}Acme;{unique('T')};{team.seller.name}\n", mapping={"RUC": "Customer.owner"})
	with pytest.raises(frappe.ValidationError, match="RUC"):
		import_actions.check(name)
	frappe.db.rollback()
