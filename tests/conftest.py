"""The browser of the tests that look at the desk; what they do with it is in tests/browser.py."""

import warnings

import frappe
import pytest
from frappe.desk.page.setup_wizard.setup_wizard import disable_future_access
from playwright.sync_api import BrowserContext, Error, Page, Response, TimeoutError, sync_playwright

from tests.browser import CHROMIUM, PASSWORD, SEARCH_BAR, WIDE
from tests.scaffold import mark_set_up


@pytest.fixture(scope="session")
def without_setup_wizard(site):
	"""The site as it is after its wizard. Once, because every page is slow after the cache is emptied."""
	mark_set_up()
	disable_future_access()
	frappe.db.commit()
	frappe.clear_cache()


@pytest.fixture(scope="module")
def browser(without_setup_wizard):
	assert CHROMIUM, "Chromium is not installed"
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(
			executable_path=CHROMIUM,
			args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
		)
		yield browser
		browser.close()


@pytest.fixture
def desk(browser, server):
	"""Opens the desk as a user at an address: a page of a browser of their own, in which no script may fail.
	They sign in by a request; the page for it is what test_browser_first_day opens.

	The development server loses a file now and then. A desk that does not open is opened once more, and what
	hindered it is a warning of the test.
	"""
	contexts, errors, refused = [], [], []

	def open_as(user: str, screen: dict = WIDE, at: str = "/app") -> Page:
		context = browser.new_context(viewport=screen, base_url=server)
		contexts.append(context)
		page = context.new_page()
		page.set_default_timeout(30_000)
		block_sockets(context, page)
		page.on("pageerror", lambda error: errors.append(str(error)))
		page.on("response", lambda answer: answer.status >= 400 and refused.append(answer))
		lost = []
		page.on("requestfailed", lambda request: lost.append(f"{request.url}: {request.failure}"))
		context.request.post(
			"/api/method/login", form={"usr": user, "pwd": PASSWORD}, fail_on_status_code=True
		)
		page.goto(at)
		# A narrow screen has no room for the search bar of the desk, but it is there. A page that is refused
		# has none in 16.
		opened = f"{SEARCH_BAR}, .modal.show"
		try:
			page.wait_for_selector(opened, state="attached")
		except TimeoutError:
			warnings.warn("\n".join(["The desk did not open:", *errors, *lost]), stacklevel=2)
			errors.clear()
			page.goto(at)
			page.wait_for_selector(opened, state="attached")
		return page

	yield open_as
	# A script that fails because of an answer does not say which one it was.
	told = [describe_answer(answer) for answer in refused] if errors else []
	for context in contexts:
		context.close()
	assert not errors, "\n".join([*errors, *told])


def block_sockets(context: BrowserContext, page: Page) -> None:
	"""Nobody listens for sockets: the server would draw its page of what is not found, of 300 kB, again and
	again."""
	network = context.new_cdp_session(page)
	network.send("Network.enable")
	network.send("Network.setBlockedURLs", {"urls": ["*/socket.io/*"]})


def describe_answer(answer: Response) -> str:
	try:
		text = answer.text()
	except Error:  # the browser has thrown it away
		text = ""
	return f"{answer.status} {answer.url} {text[-2000:]}"
