"""Customers as an Excel file: the basic one has what lists show, the complete one everything that is kept."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.desk.utils import provide_binary_file
from frappe.model import no_value_fields, table_fields
from frappe.utils import cint

from cronus_crm.base.arguments import read_filters, read_list
from cronus_crm.base.batches import split_batches
from cronus_crm.base.spreadsheets import Sheet, build_workbook

CUSTOMER = "Cronus Customer"

# Beyond, a file takes the server so long that the answer may not arrive.
MOST_CUSTOMERS = 20_000

BASIC_FIELDS = (
	"name",
	"customer_name",
	"account_type",
	"tax_id",
	"business_line",
	"seller",
	"work_center",
	"phone",
	"email",
	"city",
	"country",
	"disabled",
)

# How many names stand in one query.
_BATCH = 1000


def export_customers(
	complete: bool | int | str = False,
	names: list | str | None = None,
	filters: list | dict | str | None = None,
) -> None:
	"""Answers with an Excel file of customers, of those that the session's user may see.

	complete: with every field, and with their criteria, branches, contacts and addresses, a sheet for each.
	names: of the customers; without them, `filters` says which, as in `frappe.get_list`.

	Raises frappe.PermissionError without the right to export customers, frappe.ValidationError for more than
	20,000 of them.
	"""
	frappe.permissions.can_export(CUSTOMER, raise_exception=True)
	names, filters, complete = read_list(names, "names"), read_filters(filters), cint(complete)
	chosen = [["name", "in", names]] if names else filters
	make_access_log(doctype=CUSTOMER, file_type="Excel", filters=chosen)
	customers = _customers(complete, chosen)
	if len(customers) > MOST_CUSTOMERS:
		frappe.throw(
			_("There are more than {0} customers. Narrow the filter and export them in parts.").format(
				MOST_CUSTOMERS
			)
		)
	sheets = [_sheet(CUSTOMER, _fields(complete), customers)]
	if complete:
		sheets += _sheets_of_parts([customer.name for customer in customers])
	provide_binary_file("Customers", "xlsx", build_workbook(sheets))


def _fields(complete: int) -> list[str]:
	return all_fields(CUSTOMER) if complete else list(BASIC_FIELDS)


def _customers(complete: int, filters) -> list[frappe._dict]:
	# distinct: a filter on criteria finds a customer once for each row.
	return frappe.get_list(
		CUSTOMER,
		filters=filters,
		fields=_fields(complete),
		order_by="name asc",
		distinct=True,
		limit=MOST_CUSTOMERS + 1,
	)


def all_fields(doctype: str) -> list[str]:
	"""Names of the fields that a person fills in or reads in a DocType, the site's own among them."""
	meta = frappe.get_meta(doctype)
	shown = meta.get_permitted_fieldnames(with_virtual_fields=False)
	return ["name"] + [
		field.fieldname
		for field in meta.fields
		if field.fieldname in shown
		and field.fieldtype not in (*no_value_fields, *table_fields)
		and not (field.hidden or field.report_hide)
	]


def _sheets_of_parts(customers: list[str]) -> Iterator[Sheet]:
	yield _criteria(customers)
	yield _branches(customers)
	for doctype in ("Contact", "Address"):
		if frappe.has_permission(doctype, "read"):
			yield _linked(doctype, customers)


def _criteria(customers: list[str]) -> Sheet:
	"""The criteria of customers that the caller has found to be in sight."""
	fields = ["parent", "criterion", "value", "synchronised"]
	rows = [
		row
		for batch in split_batches(customers, _BATCH)
		for row in frappe.get_all(
			"Cronus Customer Criterion",
			filters={"parenttype": CUSTOMER, "parent": ("in", batch)},
			fields=fields,
			order_by="parent asc, idx asc",
		)
	]
	return _sheet(
		"Cronus Customer Criterion", fields, rows, _("Classification criteria"), {"parent": _("Customer")}
	)


def _branches(customers: list[str]) -> Sheet:
	fields = all_fields("Cronus Customer Branch")
	rows = [
		row
		for batch in split_batches(customers, _BATCH)
		for row in frappe.get_list(
			"Cronus Customer Branch",
			filters={"customer": ("in", batch)},
			fields=fields,
			order_by="customer asc, name asc",
		)
	]
	return _sheet("Cronus Customer Branch", fields, rows)


def _linked(doctype: str, customers: list[str]) -> Sheet:
	"""Contacts or addresses, each with the customers among these that it belongs to."""
	owners = defaultdict(list)
	for batch in split_batches(customers, _BATCH):
		for name, customer in frappe.get_all(
			"Dynamic Link",
			filters={"parenttype": doctype, "link_doctype": CUSTOMER, "link_name": ("in", batch)},
			fields=["parent", "link_name"],
			as_list=True,
			order_by="parent asc, link_name asc",
		):
			owners[name].append(customer)
	fields = all_fields(doctype)
	rows = [
		frappe._dict(row, customer=", ".join(owners[row.name]))
		for batch in split_batches(list(owners), _BATCH)
		for row in frappe.get_list(
			doctype, filters={"name": ("in", batch)}, fields=fields, order_by="name asc"
		)
	]
	return _sheet(doctype, ["customer", *fields], rows, labels={"customer": _("Customer")})


def _sheet(
	doctype: str,
	fields: Sequence[str],
	rows: Sequence[frappe._dict],
	title: str | None = None,
	labels: dict[str, str] | None = None,
) -> Sheet:
	meta = frappe.get_meta(doctype)
	labels = {"name": _("ID"), **(labels or {})}
	headings = [labels.get(name) or _(meta.get_label(name), context=doctype) for name in fields]
	translated = {name for name in fields if _shown_translated(meta.get_field(name))}
	return Sheet(
		title=title or _(doctype),
		columns=headings,
		rows=[
			[_(row[name]) if row[name] and name in translated else row[name] for name in fields]
			for row in rows
		],
	)


def _shown_translated(field) -> bool:
	"""True for a field whose values people see in their own language."""
	if not field:
		return False
	if field.fieldtype == "Link":
		return bool(frappe.get_meta(field.options).translated_doctype)
	return field.fieldtype == "Select"
