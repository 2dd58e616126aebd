"""The lines of our own invoices and credit notes, for reports by product."""

from frappe.query_builder import DocType

from cronus_crm.base.sales_lines import InvoicedLines


def list_invoiced_lines() -> InvoicedLines:
	"""Hook `cronus_invoiced_lines`."""
	invoice, item = DocType("Invoice"), DocType("Cronus Document Item")
	of_invoice = ("posting_date", "is_return", "customer", "customer_name", "seller", "exchange_rate")
	of_item = ("product", "description", "unit", "quantity", "net_amount", "idx")
	return InvoicedLines(
		doctype="Invoice",
		document=invoice,
		item=item,
		is_line=(item.parent == invoice.name) & (item.parenttype == "Invoice"),
		is_invoiced=invoice.docstatus == 1,
		terms={
			"source_name": invoice.name,
			"number": invoice.name,
			**{name: invoice[name] for name in of_invoice},
			**{name: item[name] for name in of_item},
		},
	)
