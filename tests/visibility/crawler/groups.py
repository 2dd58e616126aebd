"""The functions that can be called, in groups that can be asked one after the other."""

from tests.visibility.crawler.crawl import Crawler
from tests.visibility.crawler.excluded import reason_for_weakness
from tests.visibility.crawler.register import Register

# Functions by where they are defined, each with the longest of these that its name begins with.
GROUPS = (
	"cronus_crm",
	"cronus_crm.api",
	"cronus_crm.cronus_analytics",
	"erpnext",
	"frappe",
	"frappe.automation",
	"frappe.client",
	"frappe.contacts",
	"frappe.core",
	"frappe.core.api",
	"frappe.core.page",
	"frappe.custom",
	"frappe.desk",
	"frappe.desk.doctype",
	"frappe.desk.form",
	"frappe.desk.page",
	"frappe.email",
	"frappe.integrations",
	"frappe.model",
	"frappe.social",
	"frappe.utils",
	"frappe.website",
	"frappe.workflow",
	"frappe.www",
	"",
)


def group_of(name: str) -> str:
	"""The group of a function by its name with its module."""
	return max((group for group in GROUPS if f"{name}.".startswith(f"{group}." if group else "")), key=len)


def crawl_group(group: str, register: Register, crawler: Crawler) -> None:
	"""Asks the functions of a group; fails at what they disclose or change, and at those of which nothing is
	known because nobody could call them."""
	report = crawler.crawl([function for function in register.functions if group_of(function.id) == group])
	assert not report.findings, report.text()
	unseen = {name: answer for name, answer in report.weak.items() if not reason_for_weakness(name)}
	assert not unseen, f"Nobody could call these, so nothing is known of them: {unseen}"
