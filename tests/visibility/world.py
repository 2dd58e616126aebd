"""The data of the leak tests: users, and portfolios whose texts and amounts identify their owner.

Every text field of every DocType under the rule holds a token of its own, and every amount is a power of two
of a unit that nothing else holds. So whatever an answer shows can be traced to a portfolio, sums included.
"""

import re
from dataclasses import dataclass, field
from itertools import count
from random import Random

import frappe
from frappe.core.doctype.prepared_report.prepared_report import (
	create_json_gz_file,
	process_filters_for_prepared_report,
)
from frappe.desk.doctype.tag.tag import add_tag
from frappe.desk.form import assign_to
from frappe.desk.form.document_follow import follow_document
from frappe.utils import add_days, add_months, now_datetime, nowdate
from frappe.utils.global_search import sync_global_search

from cronus_crm.cronus_billing.documents.document_chain import convert_documents
from cronus_crm.cronus_billing.money.payment_allocation import make_payment
from cronus_crm.cronus_crm.activities.repetition import repeat_activity
from tests.erp import Erp, invoice
from tests.outside import make_website_user
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	VIEWER,
	ensure_product,
	entry_of,
	invoice_of,
	make_customer,
	make_seller,
	make_user,
)
from tests.sources import make_source, tell

SERVICE = "Cronus Service Agent"

EXTERNAL = "Cronus External Document"

# For managers and administrators only.
IMPORTS = ("Cronus Customer Import", "Cronus Import Row", "Cronus Import Journal")

GOVERNED = (
	"Cronus Seller",
	"Cronus Prospect",
	"Cronus Customer",
	"Cronus Customer Branch",
	"Cronus Customer Merge",
	"Contact",
	"Address",
	"Cronus Opportunity",
	"Cronus Activity",
	"Cronus Case",
	"Cronus Solution",
	"Proforma",
	"Cronus Order",
	"Cronus Delivery Note",
	"Cronus Sales Note",
	"Invoice",
	"Cronus Payment",
	EXTERNAL,
	"Cronus Sales Entry",
	"Cronus Sales Target",
	*IMPORTS,
)

# Owners of portfolios and their teams: two sellers of one team, one of another.
TEAMS = {"ana": "north", "ben": "north", "sol": "south"}

# DocTypes of which a Billing User sees all records; not the ledger, which is for managers and viewers.
COMMERCIAL = (
	"Cronus Seller",
	"Cronus Customer",
	"Cronus Customer Branch",
	"Proforma",
	"Cronus Order",
	"Cronus Delivery Note",
	"Cronus Sales Note",
	"Invoice",
	"Cronus Payment",
	EXTERNAL,
	"Cronus Sales Target",
	"Cronus Case",
)

# DocTypes of which a Service Agent sees all records: whom cases are for, and the cases.
SERVED = (
	"Cronus Seller",
	"Cronus Prospect",
	"Cronus Customer",
	"Cronus Customer Branch",
	"Cronus Case",
	"Cronus Solution",
)

# Drafts of solutions are of no portfolio: nobody sees them but who writes them.
SEEN_BY_WRITERS, WRITERS = ("Cronus Solution",), ("service", "administrator")

# By role in the test, the DocTypes of which it sees all records, where these are not all.
SEES_ALL_OF = {"billing": COMMERCIAL, "service": SERVED}

# What a record that they see tells of one that they do not: a proforma and a case are of an opportunity, and
# so is a prospect.
NAMED_BY_OTHERS = {("billing", "Cronus Opportunity"), ("service", "Cronus Opportunity")}

EVERYBODY = frozenset(TEAMS)
VISIBLE_HOLDERS = {
	"ana": {"ana"},
	"ben": {"ben"},
	"sol": {"sol"},
	"north": {"ana", "ben"},
	"south": {"sol"},
	"viewer": set(),
	"billing": EVERYBODY,
	"service": EVERYBODY,
	"administrator": EVERYBODY,
	"no role": set(),
	# Who reads the case of ana in the portal: by no other way.
	"contact": set(),
	"guest": set(),
}
OUTSIDERS = ("ben", "sol", "south", "viewer", "no role", "guest")

# Amounts are distinct powers of two of this, so that no size or time of day looks like a sum of them.
UNIT = 1_009 << 9


@dataclass(frozen=True)
class Mark:
	"""The owner of a token or amount. doctype: of the record that shows it. where: DocType and field."""

	holder: str
	doctype: str
	where: str


@dataclass
class World:
	"""mark: prefix of all tokens. users: user name by role in the test; None for a guest. records: names by
	holder and DocType. marks: by token. amounts: marks by amount. related: names of what stands beside a
	record, by holder and DocType. shared: masters of all portfolios.
	"""

	mark: str
	users: dict[str, str | None] = field(default_factory=dict)
	records: dict[str, dict[str, str]] = field(default_factory=dict)
	marks: dict[str, Mark] = field(default_factory=dict)
	amounts: dict[int, Mark] = field(default_factory=dict)
	related: dict[str, dict] = field(default_factory=dict)
	shared: dict[str, str] = field(default_factory=dict)

	def __post_init__(self):
		self._random = Random(self.mark)
		self._exponents = count()

	def token(self, holder: str, doctype: str, where: str) -> str:
		"""A new token of a portfolio. where: the field, for messages."""
		code = "".join(self._random.choices("abcdefghjkmnpqrstuvwxyz", k=8))
		token = f"{self.mark}{code}"
		self.marks[token] = Mark(holder, doctype, f"{doctype}: {where}")
		return token

	def amount(self, holder: str, doctype: str) -> int:
		"""A new amount of a portfolio: the next power of two times `UNIT`."""
		amount = UNIT << next(self._exponents)
		self.amounts[amount] = Mark(holder, doctype, doctype)
		return amount

	def may_see(self, who: str, mark: Mark) -> bool:
		if mark.doctype in SEEN_BY_WRITERS:
			return who in WRITERS
		return mark.holder in VISIBLE_HOLDERS[who] and mark.doctype in SEES_ALL_OF.get(who, (mark.doctype,))

	def may_see_record(self, who: str, holder: str, doctype: str) -> bool:
		"""True when a user may see a record of a holder. Contacts and addresses here belong to customers."""
		through = "Cronus Customer" if doctype in ("Contact", "Address") else doctype
		return self.may_see(who, Mark(holder, through, doctype))

	def find_marks(self, text: str) -> set[Mark]:
		"""Marks in an answer: of its tokens, and of its numbers that are sums of amounts of this world."""
		tokens = re.findall(self.mark + "[a-z]{8}", text)
		seen = {self.marks[token] for token in tokens if token in self.marks}
		for number in re.findall(r"(?<![\w.])\d[\d,]{5,16}(?=\D|$)", text):
			seen |= self.find_amounts(int(number.replace(",", "")))
		return seen

	def find_amounts(self, number: int) -> set[Mark]:
		"""Marks of the amounts whose sum is the number; empty when it is no such sum."""
		multiple, rest = divmod(number, UNIT)
		parts = {amount for amount in self.amounts if multiple & (amount // UNIT)}
		return {self.amounts[amount] for amount in parts} if not rest and sum(parts) == number else set()


def make_world() -> World:
	"""Makes portfolios and users, and commits."""
	frappe.set_user("Administrator")
	world = World("tk" + "".join(Random().choices("bcdfghjkmnpqrstvwxz", k=6)))
	managers = {team: make_seller(roles=(SELLER, MANAGER)) for team in ("north", "south")}
	for team, manager in managers.items():
		world.users[team] = manager.user
	world.users |= {
		"viewer": make_user(VIEWER),
		"billing": make_user(BILLING),
		"service": make_user(SERVICE),
		"administrator": make_user(ADMINISTRATOR),
		"no role": make_user(),
		"contact": make_website_user(),
		"guest": None,
	}
	# With a mailbox, they are shown messages that are not of an account of theirs; and they may look at
	# what was prepared.
	for manager in managers.values():
		frappe.get_doc("User", manager.user).add_roles("Inbox User", "Prepared Report User")
	_make_shared(world)
	frappe.db.set_single_value("Cronus Service Settings", "portal_enabled", 1)
	for holder, team in TEAMS.items():
		_make_portfolio(world, holder, managers[team].name)
	_make_foreign_activity(world)
	_make_reports(world)
	for user in filter(None, world.users.values()):
		frappe.db.set_value("User", user, "document_follow_notify", 1)
	frappe.clear_cache(doctype="User")
	frappe.db.commit()
	# A job of the scheduler's does that.
	sync_global_search()
	frappe.db.commit()
	return world


def _make_shared(world: World) -> None:
	"""Masters that all portfolios use."""
	criterion = frappe.get_doc(
		{"doctype": "Cronus Classification Criterion", "criterion": f"Zone {world.mark}"}
	)
	world.shared["criterion"] = criterion.insert().name
	if not frappe.db.exists("Address Template", {"is_default": 1}):
		frappe.get_doc({"doctype": "Address Template", "country": "Ecuador", "is_default": 1}).insert()
	searched = frappe.get_doc("Global Search Settings")
	if "Contact" not in [row.document_type for row in searched.allowed_in_global_search]:
		searched.append("allowed_in_global_search", {"document_type": "Contact"})
		searched.save()
	world.shared["product"] = ensure_product(f"P {world.mark}", price=1)


def _insert(world: World, holder: str, doctype: str, **values):
	"""Inserts a record with a token in each empty text field, and registers it in `world.records`."""
	doc = frappe.new_doc(doctype)
	doc.update(values)
	fill_with_tokens(world, holder, doc, doctype)
	doc.insert(ignore_permissions=True)
	world.records.setdefault(holder, {}).setdefault(doctype, doc.name)
	return doc


def fill_with_tokens(world: World, holder: str, doc, doctype: str) -> None:
	"""Puts a token into each text field that can be written and is empty; rows of tables included."""
	for df in doc.meta.fields:
		if df.read_only or doc.get(df.fieldname) or df.fieldname in ("naming_series", "name"):
			continue
		if df.fieldtype in ("Small Text", "Text", "Long Text", "Text Editor") or (
			df.fieldtype == "Data" and df.options in (None, "", "Email", "URL")
		):
			token = world.token(holder, doctype, df.fieldname)
			shapes = {"Email": f"{token}@example.com", "URL": f"https://{token}.example.com"}
			doc.set(df.fieldname, shapes.get(df.options, token))
	for row in doc.get_all_children():
		fill_with_tokens(world, holder, row, doctype)


def _make_portfolio(world: World, holder: str, manager: str) -> None:
	seller = make_seller(
		manager,
		roles=(SELLER, VIEWER) if holder == "ana" else (SELLER,),
		seller_name=world.token(holder, "Cronus Seller", "seller_name"),
	)
	world.users[holder] = seller.user
	world.records[holder] = {"Cronus Seller": seller.name}
	frappe.db.set_value("User", seller.user, "document_follow_notify", 1)
	frappe.clear_document_cache("User", seller.user)
	customer = _insert(
		world,
		holder,
		"Cronus Customer",
		seller=seller.name,
		annual_revenue=world.amount(holder, "Cronus Customer"),
		criteria=[
			{
				"criterion": world.shared["criterion"],
				"value": world.token(holder, "Cronus Customer", "criterion"),
			}
		],
		follow_up_time="09:00",
	)
	_tell_customer(world, holder, customer)
	_insert(world, holder, "Cronus Customer Branch", customer=customer.name)
	_insert(
		world,
		holder,
		"Cronus Customer Merge",
		survivor=customer.name,
		merged=make_customer(seller.name, email=customer.email).name,
		merged_name=world.token(holder, "Cronus Customer Merge", "merged_name"),
		state="Merged",
	)
	links = [{"link_doctype": "Cronus Customer", "link_name": customer.name}]
	email = f"{world.token(holder, 'Cronus Customer', 'e-mail of a contact')}@example.com"
	phone = str(world.amount(holder, "Cronus Customer"))
	contact = frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": world.token(holder, "Cronus Customer", "contact"),
			"links": links,
			"email_ids": [{"email_id": email, "is_primary": 1}],
			"phone_nos": [{"phone": phone, "is_primary_mobile_no": 1, "is_primary_phone": 1}],
		}
	).insert()
	address = frappe.get_doc(
		{
			"doctype": "Address",
			"address_title": world.token(holder, "Cronus Customer", "address"),
			"address_line1": world.token(holder, "Cronus Customer", "street"),
			"city": world.token(holder, "Cronus Customer", "city of the address"),
			"country": "Ecuador",
			"address_type": "Billing",
			"links": links,
		}
	).insert()
	world.records[holder] |= {"Contact": contact.name, "Address": address.name}
	if holder == "ana":
		contact.db_set({"user": world.users["contact"], "cronus_portal_access": "All cases of the account"})
	prospect = _insert(world, holder, "Cronus Prospect", seller=seller.name, contacted_on=nowdate())
	value = world.amount(holder, "Cronus Opportunity")
	opportunity = _insert(
		world,
		holder,
		"Cronus Opportunity",
		seller=seller.name,
		customer=customer.name,
		prospect=prospect.name,
		stage="Initial contact",
		value=value,
		products=[{"product": world.shared["product"], "quantity": 1, "price": value}],
		opened_on=add_months(nowdate(), -2),
	)
	_make_documents(world, holder, seller, customer, opportunity)
	target = world.amount(holder, "Cronus Sales Target")
	_insert(world, holder, "Cronus Sales Target", seller=seller.name, year=2026, month_01=target)
	_make_import(world, holder, seller.name, customer.name)
	_insert(
		world,
		holder,
		"Cronus Case",
		customer=customer.name,
		contact=contact.name,
		opportunity=opportunity.name,
		product=world.shared["product"],
	)
	_insert(world, holder, "Cronus Solution", state="Draft", products=[{"product": world.shared["product"]}])
	for doctype in ("Cronus Customer", "Cronus Opportunity", "Cronus Case"):
		_make_related_records(world, holder, seller.user, doctype)
	_make_saved_views(world, holder, seller.user)


def _tell_customer(world: World, holder: str, customer) -> None:
	"""What a source has told of a customer, which differs from what stands there; the source is shared."""
	source = make_source(owned_fields=[{"record_type": "Cronus Product", "fieldname": "family"}])
	world.shared[f"source of {holder}"] = source.name
	told = {"notes": world.token(holder, "Cronus Customer", "told note")}
	key = tell(source, customer, {}, external_id=world.token(holder, "Cronus Customer", "id of the ERP"))
	columns = {"values_told": frappe.as_json(told), "state": "Differs", "asked_on": frappe.utils.now()}
	frappe.db.set_value("Cronus External Record", key, columns)


def _tell_document(world: World, holder: str, customer: str, opportunity: str, day: str) -> str:
	"""A document that an ERP has told."""
	# Of amounts with twelve digits at most, one for each holder would be too many.
	amount = world.amount(holder, EXTERNAL) if holder != "sol" else 1
	row = invoice(
		world.token(holder, EXTERNAL, "external_id"),
		net=amount,
		total=amount,
		number=world.token(holder, EXTERNAL, "number"),
		posting_date=day,
		opportunity=opportunity,
		items=[{"description": world.token(holder, EXTERNAL, "line"), "unit": "kg"}],
	)
	(told,) = Erp({"C-1": customer}).tell(row)
	return told.name


def _make_import(world: World, holder: str, seller: str, customer: str) -> None:
	"""An import of a seller's team, with a row of its file and a record of its journal."""
	kept = _insert(
		world,
		holder,
		"Cronus Customer Import",
		target="Customers",
		seller=seller,
		sellers=[{"seller": seller}],
	)
	# As reading a file makes it.
	column = frappe.new_doc("Cronus Import Column", parent_doc=kept, parentfield="columns")
	column.update({"heading": world.token(holder, "Cronus Customer Import", "heading"), "column_number": 1})
	column.db_insert()
	texts = {
		doctype: {name: world.token(holder, doctype, name) for name in names}
		for doctype, names in {
			"Cronus Import Row": ("title", "reason", "notes"),
			"Cronus Import Journal": ("refusal",),
		}.items()
	}
	_insert(
		world,
		holder,
		"Cronus Import Row",
		customer_import=kept.name,
		line=2,
		outcome="Wrong",
		cells=frappe.as_json([world.token(holder, "Cronus Import Row", "cells")]),
		**texts["Cronus Import Row"],
	)
	_insert(
		world,
		holder,
		"Cronus Import Journal",
		customer_import=kept.name,
		line=2,
		action="Updated",
		record_doctype="Cronus Customer",
		record_name=customer,
		before=frappe.as_json({"notes": world.token(holder, "Cronus Import Journal", "before")}),
		**texts["Cronus Import Journal"],
	)


def _make_saved_views(world: World, holder: str, user: str) -> None:
	"""Saves views of a seller (list filter, report, chart, card, board) with a token in the filter; and an
	event."""

	def kept_filter() -> str:
		token = world.token(holder, "Cronus Opportunity", "filter of a saved view")
		return frappe.as_json([["Cronus Opportunity", "customer_name", "=", token]], indent=None)

	about = "Cronus Opportunity"
	views = (
		{"doctype": "List Filter", "filter_name": "x", "reference_doctype": about, "filters": kept_filter()},
		{
			"doctype": "Report",
			"report_name": world.token(holder, about, "name of a report"),
			"ref_doctype": about,
			"report_type": "Report Builder",
			"is_standard": "No",
			"json": kept_filter(),
			"roles": [{"role": "Cronus Seller"}],
		},
		{
			"doctype": "Dashboard Chart",
			"chart_name": frappe.generate_hash(),
			"chart_type": "Count",
			"document_type": about,
			"based_on": "creation",
			"type": "Bar",
			"filters_json": kept_filter(),
		},
		{
			"doctype": "Number Card",
			"label": frappe.generate_hash(),
			"document_type": about,
			"function": "Count",
			"is_public": 1,
			"filters_json": kept_filter(),
		},
		{
			"doctype": "Kanban Board",
			"kanban_board_name": frappe.generate_hash(),
			"reference_doctype": about,
			"field_name": "state",
			"filters": kept_filter(),
		},
	)
	frappe.set_user(user)
	for view in views:
		frappe.get_doc(view).insert(ignore_permissions=True)
	frappe.get_doc(
		{
			"doctype": "Event",
			"subject": world.token(holder, "Cronus Customer", "event"),
			"starts_on": now_datetime(),
			"event_type": "Private",
			"event_participants": [
				{"reference_doctype": "Contact", "reference_docname": world.records[holder]["Contact"]}
			],
		}
	).insert(ignore_permissions=True)
	frappe.set_user("Administrator")


def _make_foreign_activity(world: World) -> None:
	"""An activity of ana for a customer of the other team, as after a reassignment of the customer."""
	customer = make_customer(world.records["sol"]["Cronus Seller"])
	world.shared["crossed"] = customer.name
	frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": world.token("ana", "Cronus Activity", "with another's customer"),
			"activity_type": "Follow-up",
			"starts_on": now_datetime(),
			"seller": world.records["ana"]["Cronus Seller"],
			"customer": customer.name,
		}
	).insert()


def _make_documents(world: World, holder: str, seller, customer, opportunity) -> None:
	# Before today, so that figures of a past day have something to tell.
	yesterday = add_days(nowdate(), -1)
	proforma = frappe.new_doc("Proforma")
	proforma.update(
		{
			"posting_date": yesterday,
			"customer": customer.name,
			"seller": seller.name,
			"opportunity": opportunity.name,
			"items": [
				{
					"product": world.shared["product"],
					"description": world.token(holder, "Proforma", "line"),
					"quantity": 1,
					"price": world.amount(holder, "Proforma"),
				}
			],
		}
	)
	proforma.notes = world.token(holder, "Proforma", "notes")
	proforma.insert()
	proforma.submit()
	for doctype in ("Cronus Order", "Cronus Delivery Note", "Cronus Sales Note"):
		world.records[holder][doctype] = _make_next(world, holder, proforma, doctype)
	price = world.amount(holder, "Invoice")
	invoice = invoice_of(proforma, issue=False)
	invoice.posting_date = yesterday
	invoice.notes = world.token(holder, "Invoice", "notes")
	invoice.items[0].price = price
	invoice.save()
	invoice.submit()
	world.records[holder]["Cronus Payment"] = _make_payment(world, holder, invoice)
	world.records[holder][EXTERNAL] = _tell_document(
		world, holder, customer.name, opportunity.name, yesterday
	)
	_insert(
		world,
		holder,
		"Cronus Activity",
		activity_type="Follow-up",
		seller=seller.name,
		customer=customer.name,
		opportunity=opportunity.name,
		starts_on=now_datetime(),
		state="Pending",
	)
	world.records[holder] |= {
		"Proforma": proforma.name,
		"Invoice": invoice.name,
		"Cronus Sales Entry": entry_of(proforma).name,
	}
	frappe.set_user(seller.user)
	repeat_activity(world.records[holder]["Cronus Activity"], "Daily", None, None)
	frappe.set_user("Administrator")


def _make_next(world: World, holder: str, proforma, doctype: str) -> str:
	"""Issues a document made from a proforma; gives back its name."""
	(name,) = convert_documents("Proforma", proforma.name, doctype)
	doc = frappe.get_doc(doctype, name)
	# Its amount would be the proforma's again, and the sum of both a power of two that is another's.
	doc.items[0].price = 0
	doc.items[0].description = world.token(holder, doctype, "line")
	doc.notes = None
	fill_with_tokens(world, holder, doc, doctype)
	doc.save()
	doc.submit()
	return name


def _make_payment(world: World, holder: str, invoice) -> str:
	payment = frappe.get_doc("Cronus Payment", make_payment(invoice.name))
	# An amount that is a sum of none of ours.
	payment.allocations[0].amount = payment.amount = 1
	fill_with_tokens(world, holder, payment, "Cronus Payment")
	payment.save()
	payment.submit()
	return payment.name


def _make_related_records(world: World, holder: str, user: str, doctype: str) -> None:
	"""Makes what the framework stores beside a document (file, comment, mail …), each with a token."""
	name = world.records[holder][doctype]
	doc = frappe.get_doc(doctype, name)

	def token(where):
		return world.token(holder, doctype, where)

	doc.add_comment("Comment", token("comment"))
	changed = {"Cronus Customer": "notes", "Cronus Opportunity": "loss_notes", "Cronus Case": "description"}
	field = changed[doctype]
	doc.set(field, token("version"))
	doc.save(ignore_permissions=True)
	doc.set(field, token("version after"))
	doc.save(ignore_permissions=True)
	mail = frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Phone",
			"subject": token("call"),
			"content": token("what was said"),
			"sent_or_received": "Sent",
			"reference_doctype": doctype,
			"reference_name": name,
		}
	).insert(ignore_permissions=True)
	content = token("content of a file")
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{token('name of a file')}.csv",
			"content": f"subject\n{content}\n",
			"is_private": 1,
			"attached_to_doctype": doctype,
			"attached_to_name": name,
		}
	).insert()
	# Only who may write a record tags it.
	frappe.set_user(world.users["service"] if doctype == "Cronus Case" else user)
	add_tag("important", doctype, name)
	frappe.set_user(user)
	follow_document(doctype, name, user)
	assign_to.add(
		{
			"doctype": doctype,
			"name": name,
			"assign_to": frappe.as_json([user]),
			"description": token("assignment"),
		}
	)
	frappe.set_user("Administrator")
	frappe.get_doc(
		{
			"doctype": "Notification Log",
			"for_user": user,
			"type": "Alert",
			"subject": token("notice"),
			"document_type": doctype,
			"document_name": name,
		}
	).insert()
	world.related.setdefault(holder, {})[doctype] = {
		"file": file.name,
		"url": file.file_url,
		"content": content,
		"call": mail.name,
	}


def _make_reports(world: World) -> None:
	"""Makes an Auto Email Report, a Data Import and a Prepared Report, which administrators leave on a
	site."""
	data_import = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": "Cronus Activity",
			"import_type": "Insert New Records",
			"import_file": world.related["ana"]["Cronus Customer"]["url"],
		}
	).insert()
	frappe.get_doc(
		{
			"doctype": "Data Import Log",
			"data_import": data_import.name,
			"success": 0,
			"messages": frappe.as_json([{"message": world.token("ana", "Cronus Activity", "import log")}]),
			"row_indexes": "[1]",
			"log_index": 1,
		}
	).insert()
	world.shared["import"] = data_import.name
	by_mail = frappe.get_doc(
		{
			"doctype": "Auto Email Report",
			"report": "Cronus Seller Efficiency",
			"user": world.users["administrator"],
			"email_to": "nobody@example.com",
			"format": "CSV",
			"frequency": "Daily",
			"filters": "{}",
		}
	).insert()
	world.shared["by mail"] = by_mail.name
	custom = frappe.get_doc(
		{
			"doctype": "Report",
			"report_name": f"Efficiency {world.mark}",
			"report_type": "Custom Report",
			"reference_report": "Cronus Seller Efficiency",
			"ref_doctype": "Cronus Sales Entry",
			"is_standard": "No",
			"prepared_report": 1,
			"json": frappe.as_json({"columns": [], "filters": {}}),
		}
	).insert()
	world.shared["report"] = custom.name
	chart = frappe.get_doc(
		{
			"doctype": "Dashboard Chart",
			"chart_name": f"Opportunities {world.mark}",
			"chart_type": "Count",
			"document_type": "Cronus Opportunity",
			"based_on": "opened_on",
			"timeseries": 1,
			"timespan": "Last Year",
			"time_interval": "Yearly",
			"type": "Bar",
			"filters_json": "[]",
			"is_public": 1,
		}
	).insert()
	world.shared["chart"] = chart.name
	world.shared["kept"] = world.token("ana", "Cronus Opportunity", "chart that was kept")
	_prepare_report(world, custom.name)


def _prepare_report(world: World, report: str) -> None:
	"""Makes a Prepared Report of the manager of the north."""
	prepared = frappe.get_doc(
		{
			"doctype": "Prepared Report",
			"name": frappe.generate_hash(length=10),
			"report_name": report,
			"filters": process_filters_for_prepared_report({}),
			"status": "Completed",
			"owner": world.users["north"],
			"creation": now_datetime(),
			"modified": now_datetime(),
			"report_end_time": now_datetime(),
		}
	)
	# Not inserted, which would have a worker make it anew.
	prepared.db_insert()
	result = {
		"columns": [{"fieldname": "seller", "label": "Seller", "fieldtype": "Data"}],
		"result": [{"seller": world.token("ana", "Cronus Sales Entry", "prepared report")}],
	}
	create_json_gz_file(result, "Prepared Report", prepared.name, report)
	world.shared["prepared"] = prepared.name
