"""Hooks of billing: its commercial documents, their events and the scheduled jobs."""

_documents = "cronus_crm.cronus_billing.documents"
_doctypes = "cronus_crm.cronus_billing.doctype"
_printing = "cronus_crm.cronus_billing.printing.printed_document"

# What a commercial document is: any app adds its own with one such line. See base/sales_documents.py.
cronus_sales_documents = {
	"Proforma": f"{_documents}.document_readers.read_proforma",
	"Cronus Order": f"{_documents}.document_readers.read_order",
	"Cronus Delivery Note": f"{_documents}.document_readers.read_delivery_note",
	"Cronus Sales Note": f"{_documents}.document_readers.read_sales_note",
	"Invoice": f"{_documents}.document_readers.read_invoice",
	"Cronus Payment": f"{_documents}.document_readers.read_payment",
}

# Their lines in reports by product. See base/sales_lines.py.
cronus_invoiced_lines = [f"{_documents}.invoiced_lines.list_invoiced_lines"]

# By what they are found in the search bar. See visibility/search_index.py.
cronus_search_sources = ["cronus_crm.cronus_billing.document_search.SOURCES"]

doc_events = {
	"*": {"after_rename": f"{_documents}.document_lines.on_rename"},
	"Cronus Opportunity": {
		"before_validate": [
			"cronus_crm.cronus_billing.pricing.exchange_rates.set_rate_of_opportunity",
			"cronus_crm.cronus_billing.pricing.opportunity_prices.set_prices_of_opportunity",
		]
	},
}

# Fields that point at a document and are no links to the framework: which DocType, which document.
cronus_links = {"Cronus Document Item": ["source_doctype", "source_name"]}

# The documents of a prospect, and what becomes of them when it is converted. See prospects/conversion.py.
cronus_prospect_documents = [f"{_documents}.prospect_documents.list_documents"]
cronus_prospect_converted = [f"{_documents}.prospect_documents.on_conversion"]
cronus_prospect_conversion_undone = [f"{_documents}.prospect_documents.on_conversion_undone"]

scheduler_events = {
	"daily": [
		f"{_doctypes}.proforma.proforma.expire",
		f"{_doctypes}.cronus_order.cronus_order.mark_late",
		f"{_doctypes}.invoice.invoice.mark_overdue",
	]
}

# The documents among the connections of a form.
override_doctype_dashboards = {
	"Cronus Customer": f"{_documents}.form_connections.add_documents_to_customer",
	"Cronus Opportunity": f"{_documents}.form_connections.add_documents_to_opportunity",
	"Cronus Prospect": f"{_documents}.form_connections.add_documents_to_prospect",
}

# What print formats ask for.
jinja = {"methods": [f"{_printing}.printed_document", f"{_printing}.printed_payment"]}
