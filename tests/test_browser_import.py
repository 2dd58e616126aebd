"""An import as somebody makes it once a year: file, preview, dry run, run, undo. Chromium, in Spanish."""

import frappe
import pytest
from frappe import _
from playwright.sync_api import Page, expect

from cronus_crm.cronus_exchange.running import tasks
from tests.browser import SPANISH, confirm, framework_says
from tests.import_helper import forget_import, records_of
from tests.scaffold import MANAGER, SELLER, make_seller, make_user, unique

IMPORT = "Cronus Customer Import"


def say(message: str) -> str:
	return _(message, lang="es")


@pytest.fixture
def manager(site):
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, MANAGER, **SPANISH))
	frappe.db.commit()
	return seller


@pytest.fixture
def file(manager, tmp_path):
	rows = [
		"Nombre;RUC;Vendedor;Ciudad;Ingresos;Columna rara",
		f"{unique('Ferretería Ñandú')};{unique('T')};{manager.name};Quito;1.234,56;x",
		f"{unique('Café Óptimo')};{unique('T')};{manager.name};Loja;12,5;y",
		f"{unique('Sin monto')};{unique('T')};{manager.name};Loja;doce;z",
	]
	path = tmp_path / "clientes de la feria.csv"
	path.write_bytes("\r\n".join(rows).encode("cp1252"))
	return path


def attach(page: Page, path) -> None:
	page.locator(".frappe-control[data-fieldname=file] .btn-attach:visible").click()
	page.locator(".file-uploader input[type=file]").first.set_input_files(str(path))
	page.locator(".modal.show .btn-modal-primary:visible").click()
	expect(page.locator(".modal.show")).to_have_count(0)


def act(page: Page, label: str) -> None:
	page.locator(".page-actions .primary-action:visible", has_text=label).click()


def work(page: Page, name: str) -> None:
	"""What the worker does once the page has started it; waits until the page knows."""
	stop = page.locator(".page-actions .primary-action:visible", has_text=say("Stop"))
	expect(stop).to_be_visible()
	frappe.db.rollback()
	tasks.run_task(name)
	frappe.db.rollback()
	expect(stop).to_have_count(0)


def choose_undo(page: Page, place: int) -> None:
	"""Chooses an entry of the menu *Undo*, by its place."""
	page.get_by_role("button", name=say("Undo")).first.click()
	page.locator(".dropdown-menu:visible a.dropdown-item").nth(place).click()


def test_a_file_is_imported_and_undone(desk, manager, file):
	page = desk(manager.user, at=f"/app/{frappe.scrub(IMPORT).replace('_', '-')}/new")
	page.wait_for_function("window.cur_frm && cur_frm.doc.__islocal")
	act(page, framework_says("Save"))
	attach(page, file)
	overview = page.locator(".frappe-control[data-fieldname=overview_html]")
	expect(overview).to_contain_text("Ferretería Ñandú")
	expect(overview).to_contain_text("1.234,56")
	expect(overview).to_contain_text("doce")
	name = page.evaluate("cur_frm.doc.name")
	try:
		act(page, say("Dry run"))
		work(page, name)
		expect(overview.locator("[data-outcome=New]")).to_be_visible()
		overview.locator("[data-outcome=Wrong]").click()
		# In 16 the head of the list is a row too.
		rows = page.locator(".list-row-container:visible", has=page.locator(".list-row-checkbox"))
		expect(rows).to_have_count(1)
		expect(rows).to_contain_text("doce")
		page.go_back()
		act(page, say("Import now"))
		confirm(page)
		work(page, name)
		expect(overview.locator("[data-journal]")).to_be_visible()
		assert len(records_of(name, "Cronus Customer")) == 2
		choose_undo(page, 0)
		work(page, name)
		choose_undo(page, 1)
		confirm(page)
		work(page, name)
		assert frappe.db.get_value(IMPORT, name, ["state", "records_undone"]) == ("Undone", 2)
	finally:
		forget_import(name)
