"""Export of customers to Excel: basic, with the fields of the list; complete, with all fields and details."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import frappe
from frappe import _
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.desk.utils import provide_binary_file
from frappe.model import no_value_fields, table_fields
from frappe.utils import cint

from cronus_crm.base.arguments import read_filters, read_names, show_value
from cronus_crm.base.batches import split_batches
from cronus_crm.base.spreadsheets import Sheet, build_workbook

CUSTOMER = "Cronus Customer"

# With more, the request may run into the server's timeout.
MAX_CUSTOMERS = 20_000

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

# Names in one query.
_BATCH = 1000


def export_customers(
	complete: bool | int | str = False,
	names: list | str | None = None,
	filters: list | dict | str | None = None,
) -> None:
	"""Sets the response to an Excel file of customers that the session's user may see; logs the access.

	complete: all fields, and further sheets with criteria, branches, contacts and addresses.
	names: of the customers. filters: used without names, as in `frappe.get_list`.

	Raises frappe.PermissionError without the right to export customers, frappe.ValidationError for more than
	20,000 of them.
	"""
	frappe.permissions.can_export(CUSTOMER, raise_exception=True)
	names, filters, complete = read_names(names, "names"), read_filters(filters, CUSTOMER), cint(complete)
	chosen = [["name", "in", names]] if names else filters
	make_access_log(doctype=CUSTOMER, file_type="Excel", filters=chosen)
	customers = _read_customers(complete, chosen)
	if len(customers) > MAX_CUSTOMERS:
		frappe.throw(
			_("There are more than {0} customers. Narrow the filter and export them in parts.").format(
				MAX_CUSTOMERS
			)
		)
	sheets = [_build_sheet(CUSTOMER, _choose_fields(complete), customers)]
	if complete:
		sheets += _build_detail_sheets([customer.name for customer in customers])
	provide_binary_file("Customers", "xlsx", build_workbook(sheets))


def _choose_fields(complete: int) -> list[str]:
	return list_exported_fields(CUSTOMER) if complete else list(BASIC_FIELDS)


def _read_customers(complete: int, filters) -> list[frappe._dict]:
	# distinct: a filter on the child table of criteria would return a customer once for each row.
	try:
		return frappe.get_list(
			CUSTOMER,
			filters=filters,
			fields=_choose_fields(complete),
			order_by="name asc",
			distinct=True,
			limit=MAX_CUSTOMERS + 1,
		)
	except frappe.db.OperationalError as error:
		if not frappe.db.is_missing_column(error):
			raise
		frappe.throw(_("Customers have no such field to filter by: {0}").format(show_value(filters)))


def list_exported_fields(doctype: str) -> list[str]:
	"""`name` and the visible fields with a value of a DocType, custom fields included, that the user may
	read."""
	meta = frappe.get_meta(doctype)
	shown = meta.get_permitted_fieldnames(with_virtual_fields=False)
	return ["name"] + [
		field.fieldname
		for field in meta.fields
		if field.fieldname in shown
		and field.fieldtype not in (*no_value_fields, *table_fields)
		and not (field.hidden or field.report_hide)
	]


def _build_detail_sheets(customers: list[str]) -> Iterator[Sheet]:
	yield _build_criteria_sheet(customers)
	yield _build_branches_sheet(customers)
	for doctype in ("Contact", "Address"):
		if frappe.has_permission(doctype, "read"):
			yield _build_linked_sheet(doctype, customers)


def _build_criteria_sheet(customers: list[str]) -> Sheet:
	"""The sheet of criteria. customers: names that the user may see, as child rows are read unchecked."""
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
	return _build_sheet(
		"Cronus Customer Criterion", fields, rows, _("Classification criteria"), {"parent": _("Customer")}
	)


def _build_branches_sheet(customers: list[str]) -> Sheet:
	fields = list_exported_fields("Cronus Customer Branch")
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
	return _build_sheet("Cronus Customer Branch", fields, rows)


def _build_linked_sheet(doctype: str, customers: list[str]) -> Sheet:
	"""The sheet of contacts or of addresses, with a column of those of the customers that each belongs to."""
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
	fields = list_exported_fields(doctype)
	rows = [
		frappe._dict(row, customer=", ".join(owners[row.name]))
		for batch in split_batches(list(owners), _BATCH)
		for row in frappe.get_list(
			doctype, filters={"name": ("in", batch)}, fields=fields, order_by="name asc"
		)
	]
	return _build_sheet(doctype, ["customer", *fields], rows, labels={"customer": _("Customer")})


def _build_sheet(
	doctype: str,
	fields: Sequence[str],
	rows: Sequence[frappe._dict],
	title: str | None = None,
	labels: dict[str, str] | None = None,
) -> Sheet:
	"""A sheet with translated headings and values. labels: headings that differ from the DocType's labels."""
	meta = frappe.get_meta(doctype)
	labels = {"name": _("ID"), **(labels or {})}
	headings = [labels.get(name) or _(meta.get_label(name), context=doctype) for name in fields]
	translated = {name for name in fields if _is_shown_translated(meta.get_field(name))}
	return Sheet(
		title=title or _(doctype),
		columns=headings,
		rows=[
			[_(row[name]) if row[name] and name in translated else row[name] for name in fields]
			for row in rows
		],
	)


def _is_shown_translated(field) -> bool:
	"""True for a field whose values the desk shows translated."""
	if not field:
		return False
	if field.fieldtype == "Link":
		return bool(frappe.get_meta(field.options).translated_doctype)
	return field.fieldtype == "Select"
