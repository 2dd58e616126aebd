"""An administrator of the CRM changes its forms without being a System Manager, and nothing by them."""

import frappe
import pytest

from cronus_crm.visibility import customizing
from cronus_crm.visibility.replaced.replacement import replace_all
from tests.scaffold import ADMINISTRATOR, SELLER, make_user

FORM = "Cronus Customer"


@pytest.fixture(autouse=True)
def administrator(site):
	replace_all()
	before = stored()
	user = make_user(ADMINISTRATOR)
	frappe.set_user(user)
	yield user
	frappe.set_user("Administrator")
	frappe.db.rollback()
	# A new column commits what was written before it: a test that fails in between would leave its field.
	for kind, name in stored() - before:
		frappe.db.delete(kind, name)
	frappe.db.commit()
	frappe.clear_cache(doctype=FORM)


def stored() -> set[tuple[str, str]]:
	"""(DocType, name) of what is stored of changed forms."""
	return {
		(kind, name)
		for kind in ("Custom Field", "Property Setter")
		for name in frappe.get_all(kind, pluck="name", order_by="name")
	}


def read_form(doctype: str = FORM):
	form = frappe.get_doc("Customize Form")
	form.doc_type = doctype
	form.fetch_to_customize()
	return form


def field_of(form, fieldname: str):
	return next(field for field in form.fields if field.fieldname == fieldname)


def own_field(**values) -> dict:
	return {
		"label": "Barrio",
		"fieldname": "custom_barrio",
		"fieldtype": "Data",
		"is_custom_field": 1,
		**values,
	}


def test_labels_lists_and_fields_of_ones_own_are_changed(administrator):
	form = read_form()
	field_of(form, "website").update({"label": "Sitio", "in_list_view": 1})
	form.append("fields", own_field())
	form.save_customization()
	meta = frappe.get_meta(FORM, cached=False)
	assert meta.get_field("website").label == "Sitio"
	assert meta.has_field("custom_barrio")
	made = {"doc_type": FORM, "field_name": "website", "property": "label"}
	assert frappe.db.get_value("Property Setter", made, "owner") == administrator
	assert frappe.session.user == administrator
	form = read_form()
	form.set("fields", [field for field in form.fields if field.fieldname != "custom_barrio"])
	form.save_customization()
	assert not frappe.db.exists("Custom Field", {"dt": FORM, "fieldname": "custom_barrio"})
	form.reset_to_defaults()
	assert frappe.get_meta(FORM, cached=False).get_field("website").label != "Sitio"


@pytest.mark.parametrize(
	"changed",
	[
		{"permlevel": 1},
		{"ignore_user_permissions": 1},
		{"ignore_xss_filter": 1},
		{"fieldtype": "Code"},
		{"options": "User"},
		{"fetch_from": "owner.api_key"},
		{"depends_on": "eval:fetch('//example.com')"},
		{"mandatory_depends_on": "eval:1"},
		{"read_only_depends_on": "eval:1"},
		{"allow_on_submit": 1},
		{"default": "eval:alert(1)"},
		{"label": "<img src=x onerror=alert(1)>"},
		{"description": "<script>alert(1)</script>"},
	],
)
def test_rights_code_and_markup_of_a_field_stay(changed):
	form = read_form()
	field_of(form, "website").update(changed)
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		form.save_customization()


def test_what_the_app_hides_or_locks_stays_so():
	hidden = next(field for field in frappe.get_meta(FORM).fields if field.hidden)
	form = read_form()
	field_of(form, hidden.fieldname).hidden = 0
	with pytest.raises(frappe.PermissionError):
		form.save_customization()


@pytest.mark.parametrize(
	"values",
	[
		*({"fieldtype": kind} for kind in ("HTML", "Code", "Button", "HTML Editor", "Password", "JSON")),
		{"fieldtype": "Table", "options": "Has Role"},
		{"fieldtype": "Dynamic Link", "options": "name"},
		*({"fieldtype": "Link", "options": other} for other in ("User", "Server Script", "OAuth Client", "")),
		{"fetch_from": "seller.user"},
		{"permlevel": 1},
		{"label": "<b>x</b>"},
		{"depends_on": "eval:1"},
	],
)
def test_a_field_of_ones_own_opens_nothing(values):
	form = read_form()
	form.append("fields", own_field(**values))
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		form.save_customization()


@pytest.mark.parametrize(
	"changed",
	[
		{"autoname": "hash"},
		{"istable": 1},
		{"make_attachments_public": 1},
		{"title_field": "tax_id"},
		{"email_append_to": 1},
		{"track_changes": 0},
		{"label": "<b>x</b>"},
	],
)
def test_properties_of_a_form_that_decide_rights_or_names_stay(changed):
	form = read_form()
	form.update(changed)
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		form.save_customization()


def test_the_form_may_ask_how_full_the_table_is(administrator):
	from frappe.core.doctype.doctype import doctype

	assert doctype.get_row_size_utilization(FORM) > 0
	assert frappe.session.user == administrator
	with pytest.raises(frappe.PermissionError):
		doctype.get_row_size_utilization("User")
	frappe.set_user("Administrator")
	frappe.set_user(make_user(SELLER))
	with pytest.raises(frappe.PermissionError):
		doctype.get_row_size_utilization(FORM)


def test_actions_stay():
	form = read_form()
	form.append("actions", {"label": "x", "action_type": "Server Action", "action": "frappe.client.get"})
	with pytest.raises(frappe.PermissionError):
		form.save_customization()


@pytest.mark.parametrize("doctype", ["User", "ToDo", "Contact", "Has Role", "File", "Nobody"])
def test_forms_of_others_are_not_read(doctype):
	with pytest.raises((frappe.PermissionError, frappe.DoesNotExistError)):
		read_form(doctype)
	form = frappe.get_doc("Customize Form")
	form.doc_type = doctype
	for method in (form.save_customization, form.reset_to_defaults, form.reset_layout, form.trim_table):
		with pytest.raises(frappe.PermissionError):
			method()


def test_a_reset_does_not_take_back_what_a_system_manager_has_closed():
	frappe.set_user("Administrator")
	form = read_form()
	field_of(form, "website").permlevel = 1
	form.save_customization()
	frappe.set_user(make_user(ADMINISTRATOR))
	with pytest.raises(frappe.PermissionError):
		read_form().reset_to_defaults()
	assert frappe.get_meta(FORM, cached=False).get_field("website").permlevel == 1


def test_the_doors_beside_it_stay_closed():
	for doctype in ("Custom Field", "Property Setter", "DocType", "Client Script", "Custom DocPerm"):
		assert not any(frappe.has_permission(doctype, kind) for kind in ("create", "write", "delete")), (
			doctype
		)


def test_a_seller_has_no_way_in():
	frappe.set_user("Administrator")
	frappe.set_user(make_user(SELLER))
	assert not frappe.has_permission("Customize Form", "read")
	assert customizing.is_guarded()
