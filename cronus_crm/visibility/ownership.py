"""Whose is a document of each DocType? The one table that says it; everything else about visibility is
derived from it: the SQL of lists, the check of one document, and the events that keep others from hanging
something on it. See `guards.py` for how, and docs/architecture.md for adding a DocType.

Another app adds its own DocTypes by a table of the same kind, which it names in its `hooks.py`::

    cronus_ownership = ["my_app.cronus.OWNERSHIP"]
"""

from dataclasses import dataclass

import frappe
from frappe.utils.caching import request_cache


@dataclass(frozen=True)
class BySeller:
	"""Seen by whoever sees its seller.

	seller_field: the field with the name of the Cronus Seller. given_to_author: a new document without seller
	gets the seller of whoever creates it. seen_by_billing: whoever has the role Cronus Billing User sees all.
	Commercial documents, which the registry
	    of `sales_documents.py` knows, are seen by them in any case.
	opened_by: name of the check in Cronus CRM Settings that opens all of them to every seller.
	"""

	seller_field: str = "seller"
	given_to_author: bool = False
	seen_by_billing: bool = False
	opened_by: str | None = None


@dataclass(frozen=True)
class ThroughRecord:
	"""Seen by whoever sees the one record that it belongs to: the field that links to it, and its DocType."""

	fieldname: str
	doctype: str
	seen_by_billing: bool = False


@dataclass(frozen=True)
class ThroughLinks:
	"""Seen by whoever sees one of the records that its rows of Dynamic Link name."""


@dataclass(frozen=True)
class Beside:
	"""Kept by the framework beside a document, which two of its fields name, and seen with it. Nobody hangs
	it on a document that they may not see.

	read_by_framework: who reads it is the framework's own question, which it asks well.
	"""

	doctype_field: str
	name_field: str
	read_by_framework: bool = False


@dataclass(frozen=True)
class RowOf(Beside):
	"""A row in a table of a document."""

	doctype_field: str = "parenttype"
	name_field: str = "parent"


@dataclass(frozen=True)
class AttachedFile(Beside):
	"""A file: see `private_files.py`."""


@dataclass(frozen=True)
class Message(Beside):
	"""A message: it belongs as well to the documents that it is linked with."""


@dataclass(frozen=True)
class Notice:
	"""Seen by the user whom it names, and by whoever administers the site."""

	user_field: str


@dataclass(frozen=True)
class SavedView:
	"""What somebody keeps of a list or a figure: see `saved_views.py`.

	about_field: the field with the DocType that it is about.
	standard: the value of its `is_standard` where it comes with an app.
	"""

	about_field: str
	standard: str | int | None = None


@dataclass(frozen=True)
class RolesOfViews:
	"""The roles of reports, which name the report."""


@dataclass(frozen=True)
class ReportResult:
	"""What a report has shown to one user: see `prepared_reports.py`."""


Owned = BySeller | ThroughRecord | ThroughLinks | Beside | Notice | SavedView | RolesOfViews | ReportResult

OWNERSHIP: dict[str, Owned] = {
	# People and prospects
	"Cronus Seller": BySeller("name", seen_by_billing=True),
	"Cronus Prospect": BySeller(given_to_author=True),
	"Cronus Customer": BySeller(
		given_to_author=True, seen_by_billing=True, opened_by="customers_open_to_all"
	),
	"Cronus Customer Branch": ThroughRecord("customer", "Cronus Customer", seen_by_billing=True),
	"Contact": ThroughLinks(),
	"Address": ThroughLinks(),
	"Cronus Opportunity": BySeller(given_to_author=True),
	"Cronus Activity": BySeller(given_to_author=True),
	# Commercial documents, and the ledger
	"Proforma": BySeller(),
	"Cronus Order": BySeller(),
	"Cronus Delivery Note": BySeller(),
	"Cronus Sales Note": BySeller(),
	"Invoice": BySeller(),
	"Cronus Payment": BySeller(),
	"Cronus Sales Entry": BySeller(),
	# Rows of documents
	"Cronus Customer Criterion": RowOf(),
	"Cronus Document Item": RowOf(),
	"Cronus Document Tax": RowOf(),
	"Cronus Instalment": RowOf(),
	"Cronus Opportunity Product": RowOf(),
	"Cronus Payment Allocation": RowOf(),
	"Cronus Sales Entry Origin": RowOf(),
	"Cronus Stage Change": RowOf(),
	"Contact Email": RowOf(),
	"Contact Phone": RowOf(),
	"Dynamic Link": RowOf(),
	# What the framework keeps beside documents
	"Auto Repeat": Beside("reference_doctype", "reference_document"),
	"Comment": Beside("reference_doctype", "reference_name", read_by_framework=True),
	"Communication": Message("reference_doctype", "reference_name"),
	"Communication Link": Beside("link_doctype", "link_name"),
	"DocShare": Beside("share_doctype", "share_name", read_by_framework=True),
	"Document Follow": Beside("ref_doctype", "ref_docname"),
	"Event Participants": Beside("reference_doctype", "reference_docname"),
	"File": AttachedFile("attached_to_doctype", "attached_to_name"),
	"Notification Log": Notice("for_user"),
	"Tag Link": Beside("document_type", "document_name"),
	"ToDo": Beside("reference_type", "reference_name", read_by_framework=True),
	# What people keep of lists and figures
	"Dashboard Chart": SavedView("document_type", standard=1),
	"Has Role": RolesOfViews(),
	"Kanban Board": SavedView("reference_doctype"),
	"List Filter": SavedView("reference_doctype"),
	"Number Card": SavedView("document_type", standard=1),
	"Prepared Report": ReportResult(),
	"Report": SavedView("ref_doctype", standard="Yes"),
}

# Ours that belong to the company: whoever has the role reads all of them.
OPEN = frozenset(
	{
		"Cronus Activity Type",
		"Cronus Business Line",
		"Cronus CRM Settings",
		"Cronus Classification Criterion",
		"Cronus Contact Medium",
		"Cronus Exchange Rate",
		"Cronus Holiday",
		"Cronus Loss Reason",
		"Cronus Payment Term",
		"Cronus Payment Terms",
		"Cronus Price List",
		"Cronus Product",
		"Cronus Product Price",
		"Cronus Stage",
		"Cronus Tax",
		"Cronus Work Center",
	}
)

# Ours that nobody reads but whoever administers: totals, which `totals.py` reads under the rule, and answers
# that are kept to be given again.
CLOSED = frozenset({"Cronus Idempotent Request", "Cronus Total"})


@request_cache
def read_table() -> dict[str, Owned]:
	"""The table of every app of the site; empty on a site without this app. A later app's line counts."""
	found: dict[str, Owned] = {}
	for path in frappe.get_hooks("cronus_ownership"):
		found.update(frappe.get_attr(path))
	return found


def find_ownership(doctype: str | None) -> Owned | None:
	"""Whose documents of that DocType are; None for one that the rule does not concern."""
	return read_table().get(doctype)


def is_governed(doctype: str | None) -> bool:
	"""True for a DocType whose documents belong to sellers, themselves or through others."""
	return isinstance(find_ownership(doctype), BySeller | ThroughRecord | ThroughLinks)


def governed_doctypes() -> list[str]:
	"""Those DocTypes."""
	return [doctype for doctype in read_table() if is_governed(doctype)]
