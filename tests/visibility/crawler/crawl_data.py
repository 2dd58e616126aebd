"""The records of ana that questions ask about, and what the framework stores beside them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from zipfile import ZipFile

import frappe
from frappe.utils import add_days, now_datetime

from cronus_crm.cronus_crm.opportunities import opportunity_board
from tests.visibility.world import GOVERNED, World

HOLDER = "ana"

# Stands in a question for the user who asks it; as it is in JSON, too.
ME = "--whoever-asks--"


@dataclass(frozen=True)
class Subject:
	"""A record of ana.

	text, number: a field with a token and one with an amount. parent: of a child row, the DocType of its
	document.
	"""

	doctype: str
	name: str
	text: str = "name"
	number: str = "idx"
	parent: str | None = None

	def as_sent(self) -> dict:
		"""The document as JSON of somebody who knows its name, with the current values of the fields that the
		framework compares before it checks permissions.
		"""
		doc = frappe.db.get_value(self.doctype, self.name, ["modified", "docstatus"], as_dict=True) or {}
		return {"doctype": self.doctype, "name": self.name, **doc}


# Fields with a token, and with an amount.
FIELDS = {
	"Cronus Seller": ("seller_name", "lft"),
	"Cronus Prospect": ("prospect_name", "idx"),
	"Cronus Customer": ("customer_name", "annual_revenue"),
	"Cronus Customer Branch": ("branch_name", "idx"),
	"Contact": ("first_name", "idx"),
	"Address": ("address_title", "idx"),
	"Cronus Opportunity": ("title", "value"),
	"Cronus Activity": ("subject", "idx"),
	"Proforma": ("notes", "net_total"),
	"Cronus Order": ("notes", "net_total"),
	"Cronus Delivery Note": ("notes", "net_total"),
	"Cronus Sales Note": ("notes", "net_total"),
	"Invoice": ("notes", "net_total"),
	"Cronus Payment": ("notes", "amount"),
	"Cronus Sales Entry": ("customer", "amount"),
	"Cronus Customer Import": ("empty_words", "idx"),
	"Cronus Import Row": ("title", "line"),
	"Cronus Import Journal": ("refusal", "line"),
	"File": ("file_name", "file_size"),
	"Comment": ("content", "idx"),
	"Communication": ("subject", "idx"),
	"ToDo": ("description", "idx"),
	"Notification Log": ("subject", "idx"),
	"Event": ("subject", "idx"),
	"Cronus Document Item": ("description", "price"),
	"Contact Email": ("email_id", "idx"),
}

# What records are renamed to.
RENAMED = "Renamed by the crawler"

# What is kept beside a customer, and the field that names it.
BESIDE = {
	"File": "attached_to_name",
	"Comment": "reference_name",
	"Communication": "reference_name",
	"ToDo": "reference_name",
	"Version": "docname",
	"Tag Link": "document_name",
	"Document Follow": "ref_docname",
	"DocShare": "share_name",
	"Notification Log": "document_name",
}


class CrawlData:
	"""Access to the records of the world for those who make questions."""

	def __init__(self, world: World):
		self.world = world
		self._remembered: dict[str, dict] = {}
		self.mine = world.records[HOLDER]
		self.related = world.related[HOLDER]
		self.user = world.users[HOLDER]
		self.seller = self.mine["Cronus Seller"]
		self.manager = frappe.db.get_value("Cronus Seller", self.seller, "parent_cronus_seller")
		self.customer = self.mine["Cronus Customer"]
		self.file = self.related["Cronus Opportunity"]["file"]
		self.url = self.related["Cronus Opportunity"]["url"]
		self.kept = make_related_records(world)
		self.card, self.dashboard = make_public_figures(world)
		self.row = frappe.db.get_value("Cronus Document Item", {"parent": self.mine["Proforma"]})
		self.email_row = frappe.db.get_value("Contact Email", {"parent": self.mine["Contact"]})
		self.versions = frappe.get_all(
			"Version", {"docname": self.customer}, pluck="name", order_by="creation"
		)
		self.board = opportunity_board.BOARD
		frappe.db.commit()

	@cached_property
	def subjects(self) -> dict[str, Subject]:
		"""One record of ana by kind: governed DocTypes, DocTypes beside them, child tables."""
		found = {doctype: self._subject(doctype, self.mine[doctype]) for doctype in GOVERNED}
		for doctype, field in BESIDE.items():
			if name := frappe.db.get_value(doctype, {field: self.customer}):
				found[doctype] = self._subject(doctype, name)
		found["File"] = self._subject("File", self.file)
		for doctype, name in self.kept.items():
			if doctype != "archive":
				found[doctype] = self._subject(doctype, name)
		found["Cronus Document Item"] = self._subject("Cronus Document Item", self.row, "Proforma")
		found["Contact Email"] = self._subject("Contact Email", self.email_row, "Contact")
		return found

	def _subject(self, doctype: str, name: str, parent: str | None = None) -> Subject:
		return Subject(doctype, name, *FIELDS.get(doctype, ("name", "idx")), parent=parent)

	@cached_property
	def names(self) -> list[str]:
		"""Names of ana's records, which only entitled users should learn; longest first."""
		names = {subject.name for subject in self.subjects.values()} | set(self.mine.values())
		# Reports that come with an app are known to everybody, also where something of ana's is named like
		# one.
		public = frappe.get_all("Report", filters={"is_standard": "Yes"}, pluck="name", order_by="name asc")
		return sorted(names - set(public), key=len, reverse=True)

	def doctype_of_module(self, module: str) -> str | None:
		"""The DocType whose controller stands in a module, or None."""
		known = self.remember(
			"modules", lambda: {frappe.scrub(name): name for name in frappe.get_all("DocType", pluck="name")}
		)
		return known.get(module.rsplit(".", 1)[1])

	def remember(self, key: str, make: Callable[[], dict]) -> dict:
		"""The value made for a key, cached: changes of ana's records are undone at once, so that it stays
		valid."""
		if key not in self._remembered:
			self._remembered[key] = make()
		return self._remembered[key]

	def without_names(self, text: str, instead: Callable[[str], str] = lambda name: "§") -> str:
		"""The text with each name of ana's records replaced. instead: makes the replacement of a name."""
		for name in self.names:
			if name in text:
				text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", lambda found: instead(found[0]), text)
		return text


def make_related_records(world: World) -> dict[str, str]:
	"""Inserts records of ana in DocTypes of the framework; gives back their names by DocType."""

	def token(doctype: str) -> str:
		return world.token(HOLDER, "Cronus Opportunity", f"{doctype} of ana's")

	user = world.users[HOLDER]
	records = world.records[HOLDER]
	contact_mail = frappe.db.get_value("Contact Email", {"parent": records["Contact"]}, "email_id")
	made = {}

	def keep(**values) -> None:
		doc = frappe.get_doc(values)
		doc.flags.ignore_links = True
		doc.insert(ignore_permissions=True)
		made[doc.doctype] = doc.name

	frappe.set_user(user)
	try:
		keep(
			doctype="Event",
			subject=token("Event"),
			description=token("Event"),
			event_type="Private",
			starts_on=now_datetime(),
			event_participants=[
				{
					"reference_doctype": "Cronus Customer",
					"reference_docname": records["Cronus Customer"],
					"email": contact_mail,
				}
			],
		)
		keep(
			doctype="List Filter",
			filter_name=token("List Filter"),
			reference_doctype="Cronus Customer",
			for_user=user,
			filters=frappe.as_json([["Cronus Customer", "notes", "like", token("List Filter")]]),
		)
		keep(
			doctype="Report",
			report_name=token("Report"),
			report_type="Report Builder",
			ref_doctype="Cronus Opportunity",
			is_standard="No",
			json=frappe.as_json({"filters": [["Cronus Opportunity", "title", "=", token("Report")]]}),
		)
		keep(doctype="Note", title=token("Note"), content=token("Note"), public=0)
		keep(
			doctype="Reminder",
			user=user,
			remind_at=add_days(now_datetime(), 1),
			description=token("Reminder"),
			reminder_doctype="Cronus Customer",
			reminder_docname=records["Cronus Customer"],
		)
		keep(
			doctype="File",
			file_name=f"{token('File')}.zip",
			content=_make_archive(token("File")),
			is_private=1,
		)
	finally:
		frappe.set_user("Administrator")
	made["archive"] = made.pop("File")
	mail = frappe.db.get_value(
		"Communication", {"reference_name": records["Cronus Customer"]}, order_by="creation"
	)
	frappe.get_doc("Communication", mail).add_link("Contact", records["Contact"], autosave=True)
	# The framework keeps none while it is tested.
	for _ in range(2):
		change = [["notes", token("Version"), token("Version")]]
		frappe.get_doc(
			{
				"doctype": "Version",
				"ref_doctype": "Cronus Customer",
				"docname": records["Cronus Customer"],
				"data": frappe.as_json({"changed": change}),
			}
		).insert(ignore_permissions=True)
	made |= {
		"Auto Repeat": frappe.db.get_value("Auto Repeat", {"reference_document": records["Cronus Activity"]}),
		"Prepared Report": world.shared["prepared"],
		"Data Import": world.shared["import"],
		"Auto Email Report": world.shared["by mail"],
	}
	return {doctype: name for doctype, name in made.items() if name}


def make_public_figures(world: World) -> tuple[str, str]:
	"""Inserts a number card and a dashboard that everybody may open; each user sees figures of their own."""
	card = frappe.get_doc(
		{
			"doctype": "Number Card",
			"label": f"Deals {world.mark}",
			"type": "Document Type",
			"document_type": "Cronus Opportunity",
			"function": "Sum",
			"aggregate_function_based_on": "value",
			"filters_json": "[]",
			"is_public": 1,
			"show_percentage_stats": 1,
			"stats_time_interval": "Yearly",
		}
	).insert()
	dashboard = frappe.get_doc(
		{
			"doctype": "Dashboard",
			"dashboard_name": f"Deals {world.mark}",
			"charts": [{"chart": world.shared["chart"]}],
			"cards": [{"card": card.name}],
		}
	).insert()
	return card.name, dashboard.name


def _make_archive(content: str) -> bytes:
	written = BytesIO()
	with ZipFile(written, "w") as archive:
		archive.writestr(f"{content}.txt", content)
	return written.getvalue()
