"""The table of ownership: for each DocType, what decides who sees a document of it.

Visibility is derived from this table alone: the SQL conditions of lists, the permission check of a document,
and the events that protect it. `guards.py` does this; CONTRIBUTING.md says how to add a DocType. A DocType
whose documents belong to sellers, directly or through another record, or are shown by their state, is called
*governed*.

Another app adds its DocTypes by a table of the same kind, which it names in its `hooks.py`::

    cronus_ownership = ["my_app.cronus.OWNERSHIP"]
"""

from dataclasses import dataclass

import frappe
from frappe.utils.caching import request_cache

BILLING_ROLE = "Cronus Billing User"
AGENT_ROLE = "Cronus Service Agent"
LEAD_ROLE = "Cronus Service Lead"
# The program of an ERP, which tells whose records are and has to find all of them.
INTEGRATOR_ROLE = "Cronus Integrator"

# Who serves customers has to find them.
_SERVICE = (AGENT_ROLE, LEAD_ROLE)


@dataclass(frozen=True)
class ServedBy:
	"""Users who work on documents of all sellers, such as cases.

	role: users with it see all documents. With the checkbox `limited_by` they see only those that were given
	    to them, that they have made, or that belong to a team of theirs.
	limited_by: Single and field. agent_field: the field with the user. team_field: the field with the team.
	members: the DocType of the rows of a team, whose field `user` names a member.
	"""

	role: str
	limited_by: tuple[str, str]
	agent_field: str
	team_field: str
	members: str


@dataclass(frozen=True)
class BySeller:
	"""A document that belongs to a seller. It is seen by users whose team includes that seller.

	seller_field: the field with the name of the Cronus Seller.
	given_to_author: a new document without seller gets the seller of the user who creates it.
	seen_by: users with one of these roles see all documents. Those of the DocTypes that are registered in
	    `sales_documents.py` are seen by the roles Cronus Billing User and Cronus Integrator in any case.
	served_by: who works on the documents, whoever sells; see :class:`ServedBy`.
	opened_by: the checkbox in Cronus CRM Settings that opens all documents to every seller for reading.
	stays: a document stays with its seller when the work of that one is handed over to another.
	follows: the server writes the seller, which is that of another record: nobody reassigns the document.
	"""

	seller_field: str = "seller"
	given_to_author: bool = False
	seen_by: tuple[str, ...] = ()
	served_by: ServedBy | None = None
	opened_by: str | None = None
	stays: bool = False
	follows: bool = False


@dataclass(frozen=True)
class ThroughRecord:
	"""A document that belongs to one record and is seen with it.

	fieldname: the field that links to the record. doctype: the DocType of the record.
	seen_by: users with one of these roles see all documents.
	"""

	fieldname: str
	doctype: str
	seen_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class ThroughLinks:
	"""A document with rows of Dynamic Link. It is seen by users who see one of the linked records."""


@dataclass(frozen=True)
class ByState:
	"""A document that belongs to the company and is shown by its state: all of them to those who write them,
	and to other users of the desk those in some states.

	state_field: the field with the state. shown: the states in which others see it too. seen_by: the roles
	that see all. What a guest sees is no matter of this table: guests see nothing by the framework's ways.
	"""

	state_field: str
	shown: tuple[str, ...]
	seen_by: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
	"""A record of the framework that refers to a document and is seen with it. To create one, the user must
	see the document.

	doctype_field, name_field: the fields with the DocType and the name of the document.
	read_by_framework: the framework's own check for reading suffices; only writing is checked here.
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
	"""A message: its links refer to further documents."""


@dataclass(frozen=True)
class Notice:
	"""A notice. It is seen by the user in `user_field`, and by System Managers."""

	user_field: str


@dataclass(frozen=True)
class SavedView:
	"""A saved filter, report, chart, card or board: see `saved_views.py`.

	about_field: the field with the DocType whose documents it shows.
	standard: the value of `is_standard` of those that come with an app.
	"""

	about_field: str
	standard: str | int | None = None


@dataclass(frozen=True)
class RolesOfViews:
	"""Rows of Has Role, which tell the names of reports: see `saved_views.py`."""


@dataclass(frozen=True)
class ReportResult:
	"""The stored result of a report that one user has run: see `prepared_reports.py`."""


Owned = (
	BySeller
	| ThroughRecord
	| ThroughLinks
	| ByState
	| Beside
	| Notice
	| SavedView
	| RolesOfViews
	| ReportResult
)

OWNERSHIP: dict[str, Owned] = {
	# People and prospects
	"Cronus Seller": BySeller("name", seen_by=(BILLING_ROLE, INTEGRATOR_ROLE, *_SERVICE), stays=True),
	"Cronus Prospect": BySeller(given_to_author=True, seen_by=_SERVICE),
	"Cronus Customer": BySeller(
		given_to_author=True,
		seen_by=(BILLING_ROLE, INTEGRATOR_ROLE, *_SERVICE),
		opened_by="customers_open_to_all",
	),
	"Cronus Customer Branch": ThroughRecord(
		"customer", "Cronus Customer", seen_by=(BILLING_ROLE, INTEGRATOR_ROLE, *_SERVICE)
	),
	"Cronus Customer Merge": ThroughRecord("survivor", "Cronus Customer"),
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
	"Cronus External Document": BySeller(stays=True),
	"Cronus Sales Entry": BySeller(stays=True),
	"Cronus Sales Target": BySeller(seen_by=(BILLING_ROLE,), stays=True),
	# Service
	"Cronus Case": BySeller(
		seen_by=(BILLING_ROLE, LEAD_ROLE),
		served_by=ServedBy(
			AGENT_ROLE,
			limited_by=("Cronus Service Settings", "agents_see_their_team"),
			agent_field="agent",
			team_field="team",
			members="Cronus Service Team Member",
		),
		# With its account.
		stays=True,
		follows=True,
	),
	"Cronus Solution": ByState(
		"state",
		shown=("Internal", "Public"),
		seen_by=_SERVICE,
	),
	# Imports, and what they keep of each row and record
	"Cronus Customer Import": BySeller(given_to_author=True),
	"Cronus Import Row": ThroughRecord("customer_import", "Cronus Customer Import"),
	"Cronus Import Journal": ThroughRecord("customer_import", "Cronus Customer Import"),
	# Rows of documents
	"Cronus Customer Criterion": RowOf(),
	"Cronus Document Item": RowOf(),
	"Cronus Document Tax": RowOf(),
	"Cronus External Item": RowOf(),
	"Cronus External Origin": RowOf(),
	"Cronus Import Column": RowOf(),
	"Cronus Import Seller": RowOf(),
	"Cronus Instalment": RowOf(),
	"Cronus Opportunity Product": RowOf(),
	"Cronus Payment Allocation": RowOf(),
	"Cronus Sales Entry Origin": RowOf(),
	"Cronus Saved Reply Text": RowOf(),
	"Cronus Service Team Member": RowOf(),
	"Cronus Solution Product": RowOf(),
	"Cronus Source Field": RowOf(),
	"Cronus Stage Change": RowOf(),
	"Contact Email": RowOf(),
	"Contact Phone": RowOf(),
	"Dynamic Link": RowOf(),
	# Records of the framework that refer to a document
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
	# Saved views and results
	"Dashboard Chart": SavedView("document_type", standard=1),
	"Has Role": RolesOfViews(),
	"Kanban Board": SavedView("reference_doctype"),
	"List Filter": SavedView("reference_doctype"),
	"Number Card": SavedView("document_type", standard=1),
	"Prepared Report": ReportResult(),
	"Report": SavedView("ref_doctype", standard="Yes"),
}


@dataclass(frozen=True)
class ForContacts:
	"""What the contacts of an account see in the portal, as website users: see `portal_rule.py`. It opens
	none of the ways of the framework, by which a website user sees no document of ours.

	accounts: the DocTypes of accounts, and the field that links to each. contact_field, address_field: the
	    contact and the e-mail that a document is of. author_field: the user who has raised it in the portal.
	opened_by: the Single and the checkbox that open the portal. widened_by: the Single and the field that say
	    what contacts see. own_field: the field of Contact that says so for one of them.
	"""

	accounts: tuple[tuple[str, str], ...]
	contact_field: str
	address_field: str
	author_field: str
	opened_by: tuple[str, str]
	widened_by: tuple[str, str]
	own_field: str


# The choices of `widened_by` and `own_field`.
OWN, ALL, NONE = "Own cases", "All cases of the account", "None"

PORTAL: dict[str, ForContacts] = {
	"Cronus Case": ForContacts(
		accounts=(
			("Cronus Customer", "customer"),
			("Cronus Customer Branch", "branch"),
			("Cronus Prospect", "prospect"),
		),
		contact_field="contact",
		address_field="contact_email",
		author_field="raised_by",
		opened_by=("Cronus Service Settings", "portal_enabled"),
		widened_by=("Cronus Service Settings", "portal_scope"),
		own_field="cronus_portal_access",
	)
}

# DocTypes of ours that belong to the whole company: a role with the right to read reads all documents.
OPEN = frozenset(
	{
		"Cronus Activity Type",
		"Cronus Business Line",
		"Cronus CRM Settings",
		"Cronus Campaign",
		"Cronus Capacity",
		"Cronus Case State",
		"Cronus Case Type",
		"Cronus Classification Criterion",
		"Cronus Contact Medium",
		"Cronus Exchange Rate",
		# Integrators read those of their own batches.
		"Cronus Exchange Run",
		"Cronus Holiday",
		"Cronus Import Mapping",
		"Cronus Loss Reason",
		"Cronus Module Limit",
		"Cronus Payment Term",
		"Cronus Payment Terms",
		"Cronus Price List",
		"Cronus Product",
		"Cronus Product Price",
		"Cronus Saved Reply",
		"Cronus Sending Text",
		"Cronus Service Promise",
		"Cronus Service Settings",
		"Cronus Service Team",
		"Cronus Solution Category",
		# For those who see all solutions.
		"Cronus Solution Version",
		# For integrators, who see all sellers.
		"Cronus Source",
		"Cronus Stage",
		"Cronus Tax",
		"Cronus Tax Id Policy",
		"Cronus Work Center",
		"Cronus Working Hours",
	}
)

# DocTypes of ours that only administrators read: totals, which `totals.py` reads under the rule, the stored
# responses of idempotent requests, what jobs prepare for users, what the merging of customers keeps, what an
# ERP has told and what it is told, and who takes a seat.
CLOSED = frozenset(
	{
		"Cronus Case Mail",
		"Cronus Case Total",
		"Cronus Changed Record",
		"Cronus Document Bundle",
		"Cronus External Record",
		"Cronus Idempotent Request",
		"Cronus Merge Entry",
		"Cronus Not Double",
		"Cronus Seat",
		"Cronus Solution Search",
		"Cronus Solution Use",
		"Cronus Total",
	}
)


@request_cache
def read_table() -> dict[str, Owned]:
	"""The merged tables of all apps of the site; empty on a site without this app. A later app overrides
	earlier ones."""
	found: dict[str, Owned] = {}
	for path in frappe.get_hooks("cronus_ownership"):
		found.update(frappe.get_attr(path))
	return found


def find_ownership(doctype: str | None) -> Owned | None:
	"""The line of a DocType in the table; None when it has none."""
	return read_table().get(doctype)


def is_governed(doctype: str | None) -> bool:
	"""True for a DocType whose documents belong to sellers, themselves or through others, or are shown by
	their state."""
	return isinstance(find_ownership(doctype), BySeller | ThroughRecord | ThroughLinks | ByState)


def governed_doctypes() -> list[str]:
	"""Names of the governed DocTypes; see :func:`is_governed`."""
	return [doctype for doctype in read_table() if is_governed(doctype)]
