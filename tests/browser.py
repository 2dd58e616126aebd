"""How the browser's tests use the desk: Chromium, what people type and choose, and the screens they have."""

import shutil

import frappe
from playwright.sync_api import Page, expect

# A busy machine takes its time to draw a page; a missing element is missing after half a minute too.
expect.set_options(timeout=30_000)

PASSWORD = "una-clave-larga-82"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 844}

# What makes a user whose desk is in Spanish.
SPANISH = {"language": "es", "password": PASSWORD}


def skip_setup_wizard() -> None:
	"""Once for a site: it empties the cache, after which every page takes its time."""
	if frappe.db.get_single_value("System Settings", "setup_complete"):
		return
	from frappe.desk.page.setup_wizard.setup_wizard import disable_future_access

	frappe.db.set_single_value("System Settings", "setup_complete", 1)
	disable_future_access()
	frappe.clear_cache()


def choose(page: Page, fieldname: str, text: str, value: str) -> None:
	"""Types in a link field and takes what it offers."""
	field = page.locator(f".frappe-control[data-fieldname={fieldname}] input:visible").first
	field.click()
	field.fill(text)
	page.locator(f".awesomplete [role=option]:visible:has-text('{value}')").first.click()


def confirm(page: Page) -> None:
	page.locator(".modal.show .btn-primary:visible").click()
	expect(page.locator(".modal.show")).to_have_count(0)
