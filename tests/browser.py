"""Helpers of the browser tests: Chromium, screens, and common actions in the desk."""

import re
import shutil

from frappe import _
from playwright.sync_api import Page, expect

# Milliseconds; long, because a busy machine draws pages slowly.
expect.set_options(timeout=30_000)

PASSWORD = "una-clave-larga-82"
# As scripts/lib/system.sh looks for it.
_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _PROGRAMS)), None)

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 844}

# Fields of a user whose desk is in Spanish.
SPANISH = {"language": "es", "password": PASSWORD}


# What opens the search bar in Frappe 16, on a wide screen and on that of a telephone.
SEARCH_BUTTON = "#navbar-modal-search:visible, .page-head:visible .navbar-modal-search-mobile"

# The search bar in Frappe 15, or what opens it in 16: on a page, on one of a telephone, and on the desktop.
SEARCH_BAR = "#navbar-search, #navbar-modal-search, .navbar-modal-search-mobile, #desktop-navbar-modal-search"


def search(page: Page, text: str) -> None:
	"""Types in the search bar."""
	bar = page.locator("#navbar-search:visible")
	if not bar.count():
		page.locator(SEARCH_BUTTON).first.click()
	bar.fill(text)


def framework_says(message: str) -> str:
	"""The Spanish label of a framework button; English in versions without a translation."""
	return _(message, lang="es")


def choose(page: Page, fieldname: str, text: str, value: str) -> None:
	"""Types a text in a link field and chooses the suggestion with this value."""
	field = page.locator(f".frappe-control[data-fieldname={fieldname}] input:visible").first
	field.click()
	field.fill(text)
	page.locator(f".awesomplete [role=option]:visible:has-text('{value}')").first.click()


def open_tab(page: Page, label: str) -> None:
	"""Opens a tab of the form."""
	page.locator(".form-tabs .nav-link:visible", has_text=re.compile(rf"^\s*{label}\s*$")).click()


def wait_for_dialog(page: Page) -> None:
	"""Waits until every dialog of the page takes keys and clicks, which it does not while it opens."""
	page.wait_for_function(
		"""() => frappe.ui.open_dialogs.length
			&& frappe.ui.open_dialogs.length === document.querySelectorAll(".modal.show").length"""
	)


def confirm(page: Page) -> None:
	wait_for_dialog(page)
	page.locator(".modal.show .btn-primary:visible").click()
	expect(page.locator(".modal.show")).to_have_count(0)
