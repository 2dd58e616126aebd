"""Compares and restores the rows of ana's records, and links of others to them."""

import os
from collections.abc import Iterable
from functools import cached_property

import frappe

from tests.visibility.crawler.crawl_data import BESIDE, RENAMED, CrawlData
from tests.visibility.world import GOVERNED

# Of these, nothing is a seller's to change.
MASTERS = (
	"Cronus Activity Type",
	"Cronus Business Line",
	"Cronus Campaign",
	"Cronus Classification Criterion",
	"Cronus Contact Medium",
	"Cronus Loss Reason",
	"Cronus Price List",
	"Cronus Product",
	"Cronus Stage",
	"Cronus Tax",
	"Cronus Work Center",
)
# What all look at, and may add to.
SHARED = (
	"Dashboard",
	"Dashboard Chart",
	"Kanban Board",
	"Kanban Board Column",
	"Number Card",
	"Print Format",
	"Workspace",
)
# What tells of a user's last visit, and what a document's form notes when it is opened.
PASSING = {"last_active", "last_login", "last_ip", "_seen", "seen"}

Rows = dict[tuple[str, str], dict]


class Snapshot:
	"""The rows of ana in the database at the time of its creation."""

	def __init__(self, crawl_data: CrawlData):
		self.crawl_data = crawl_data
		self.names = self._names()
		self.stored = self._read()
		self.pointers = self._read_pointers()
		self.files = {}
		for (doctype, _), row in self.stored.items():
			if doctype == "File" and (path := _path_of(row)) and os.path.exists(path):
				with open(path, "rb") as file:
					self.files[path] = file.read()

	def _names(self) -> dict[str, list[str]]:
		"""Names of ana's records by governed DocType."""
		found = {}
		for doctype in GOVERNED:
			names = {self.crawl_data.mine[doctype]}
			if frappe.db.has_column(doctype, "seller"):
				names |= set(frappe.get_all(doctype, {"seller": self.crawl_data.seller}, pluck="name"))
			found[doctype] = sorted(names)
		return found

	@cached_property
	def all_names(self) -> list[str]:
		return sorted({name for names in self.names.values() for name in names})

	@cached_property
	def children(self) -> dict[str, list[str]]:
		"""Names of ana's records that have child rows, by DocType of the child table."""
		found: dict[str, list[str]] = {}
		for doctype, names in self.names.items():
			for field in frappe.get_meta(doctype).get_table_fields():
				found.setdefault(field.options, []).extend(names)
		return found

	def _questions(self) -> Iterable[tuple[str, str, list[str]]]:
		"""(table, column, values) of which a row belongs to ana."""
		for doctype, names in self.names.items():
			yield doctype, "name", names
		for doctype, names in self.children.items():
			yield doctype, "parent", names
		kept = [name for doctype, name in self.crawl_data.kept.items() if doctype != "Auto Email Report"]
		for doctype, column in BESIDE.items():
			yield doctype, column, [*self.all_names, *kept]
		for doctype, name in self.crawl_data.kept.items():
			if doctype != "archive":
				yield doctype, "name", [name]
		yield "Event Participants", "parent", [self.crawl_data.kept["Event"]]
		yield "Communication Link", "link_name", self.all_names
		yield "User", "name", [self.crawl_data.user]

	def _read(self) -> Rows:
		frappe.db.rollback()
		rows = {}
		for doctype, column, values in self._questions():
			found = frappe.db.sql(
				f"select * from `tab{doctype}` where `{column}` in %s", [values], as_dict=True
			)
			rows |= {(doctype, str(row["name"])): row for row in found}
		for doctype in (*MASTERS, *SHARED):
			if frappe.db.table_exists(doctype):
				found = frappe.db.sql(f"select * from `tab{doctype}`", as_dict=True)
				rows |= {(doctype, str(row["name"])): row for row in found}
		return rows

	def _read_pointers(self) -> set[tuple[str, str, str, str]]:
		"""(DocType, name, column, value) of each link from a record of somebody else to one of ana."""
		found = set()
		for doctype in (*GOVERNED, *self.children):
			links = [
				field.fieldname
				for field in frappe.get_meta(doctype).fields
				if (field.fieldtype == "Link" and field.options in self.names)
				or field.fieldtype == "Dynamic Link"
			]
			own = "parent" if frappe.get_meta(doctype).istable else "name"
			for link in links:
				rows = frappe.db.sql(
					f"select name, `{link}` from `tab{doctype}` where `{link}` in %s and `{own}` not in %s",
					[self.all_names, self.all_names],
				)
				found |= {(doctype, name, link, value) for name, value in rows}
		return found

	def changes(self) -> dict[tuple[str, ...], str]:
		"""Descriptions of the changes since then, by a key that identifies the change."""
		now = self._read()
		said = {}
		for key in sorted(self.stored.keys() | now.keys()):
			before, after = self.stored.get(key), now.get(key)
			if before is None and key[0] in SHARED:
				continue
			if before is None:
				said["new", key[0]] = f"{key} is new: {_brief(after)}"
			elif after is None:
				said[key] = f"{key} is gone"
			elif changed := _changed(before, after):
				said[key] = f"{key} is changed: {changed}"
		for doctype, name, link, value in sorted(self._read_pointers() - self.pointers):
			said["points", doctype, link] = (
				f"{doctype} {name} of somebody else's has {value} of ana's as {link}"
			)
		return said

	def restore(self) -> None:
		"""Restores all rows of ana. Renamed rows are deleted first, because of their unique keys."""
		now = self._read()
		for key in now.keys() | self.stored.keys():
			before, after = self.stored.get(key), now.get(key)
			if before is not None and after is not None and not _changed(before, after):
				continue
			doctype, name = key
			if before is None and doctype in SHARED:
				continue
			frappe.db.sql(f"delete from `tab{doctype}` where name = %s", [name])
			if before is not None:
				columns = ", ".join(f"`{column}`" for column in before)
				marks = ", ".join(["%s"] * len(before))
				frappe.db.sql(
					f"replace into `tab{doctype}` ({columns}) values ({marks})", list(before.values())
				)
			frappe.clear_document_cache(doctype, name)
		for doctype in {doctype for doctype, _ in self.stored}:
			frappe.db.sql(f"delete from `tab{doctype}` where name = %s", [RENAMED])
		for doctype, name, link, _ in self._read_pointers() - self.pointers:
			frappe.db.sql(f"update `tab{doctype}` set `{link}` = null where name = %s", [name])
			frappe.clear_document_cache(doctype, name)
		frappe.db.commit()
		for path, content in self.files.items():
			if not os.path.exists(path):
				with open(path, "wb") as file:
					file.write(content)


def _changed(before: dict, after: dict) -> dict:
	return {
		column: (before.get(column), after.get(column))
		for column in before.keys() | after.keys()
		if column not in PASSING and before.get(column) != after.get(column)
	}


def _brief(row: dict) -> dict:
	return {
		column: value for column, value in row.items() if value and column not in ("creation", "modified")
	}


def _path_of(row: dict) -> str | None:
	url = row.get("file_url") or ""
	if url.startswith("/private/"):
		return frappe.get_site_path(url.lstrip("/"))
	return frappe.get_site_path("public", url.lstrip("/")) if url.startswith("/files/") else None
