"""A company that works from nine to six, a clock that tests set, and cases."""

from datetime import datetime

import frappe
import pytest

from cronus_crm.cronus_service.doctype.cronus_case import cronus_case
from cronus_crm.cronus_service.promises import case_promises, promise_notices
from tests.scaffold import make_customer, unique


class Clock:
	"""What time it is for cases: of the system's time zone."""

	def __init__(self, now: datetime):
		self.now = now

	def set(self, clock: str, day: int = 20) -> None:
		"""clock: such as "9:30". day: of November 2026, whose 20th is a Friday."""
		hour, minute = map(int, clock.split(":"))
		self.now = datetime(2026, 11, day, hour, minute)


@pytest.fixture
def clock(monkeypatch, site) -> Clock:
	made = Clock(datetime(2026, 11, 20, 9, 0))
	for module in (cronus_case, case_promises, promise_notices):
		monkeypatch.setattr(module, "company_now", lambda: made.now)
	settings = frappe.get_doc("Cronus CRM Settings")
	settings.update({"saturday": 0, "sunday": 0, "holidays": [], "working_hours": []})
	settings.save()
	frappe.db.set_value("Cronus Service Promise", {"disabled": 0}, "disabled", 1)
	return made


@pytest.fixture
def promise():
	"""Makes a promise; by default of the first answer in an hour and of the solution in eight."""

	def make(**fields):
		values = {"promise_name": unique("Promise"), "first_answer_minutes": 60, "solution_minutes": 480}
		doc = frappe.get_doc({"doctype": "Cronus Service Promise", **values, **fields})
		return doc.insert(ignore_permissions=True)

	return make


@pytest.fixture
def open_case():
	def make(**fields):
		values = {"subject": unique("Case"), "customer": fields.pop("customer", None) or make_customer().name}
		return frappe.get_doc({"doctype": "Cronus Case", **values, **fields}).insert(ignore_permissions=True)

	return make
