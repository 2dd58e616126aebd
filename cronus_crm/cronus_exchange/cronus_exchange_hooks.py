"""Hooks of the exchange: an import whose worker is gone is taken up again, and customers that were merged are
led to the one that stayed."""

_merging = "cronus_crm.cronus_exchange.merging"
_papers = "cronus_crm.cronus_exchange.external_documents"
_pushing = "cronus_crm.cronus_exchange.pushing"

# Documents of an ERP, as its source tells them.
cronus_sales_documents = {"Cronus External Document": f"{_papers}.papers.read_external_document"}
cronus_search_sources = [f"{_papers}.document_search.SOURCES"]
override_doctype_dashboards = {
	"Cronus Customer": f"{_papers}.form_connections.add_to_customer",
	"Cronus Opportunity": f"{_papers}.form_connections.add_to_opportunity",
}

doc_events = {
	doctype: {"before_validate": f"{_merging}.customer_merges.lead_to_survivor"}
	for doctype in (
		"Cronus Activity",
		"Cronus Case",
		"Cronus Customer Branch",
		"Cronus Delivery Note",
		"Cronus Opportunity",
		"Cronus Order",
		"Cronus Payment",
		"Cronus Prospect",
		"Cronus Sales Note",
		"Invoice",
		"Proforma",
	)
}

scheduler_events = {
	"cron": {
		"*/5 * * * *": [
			"cronus_crm.cronus_exchange.running.tasks.resume_silent",
			f"{_pushing}.waiting_rows.take_up",
		]
	},
	"hourly": [
		f"{_merging}.customer_merges.move_stragglers",
		"cronus_crm.cronus_exchange.running.stored_rows.delete_left_behind",
	],
	"daily_long": [f"{_pushing}.runs.delete_old"],
}

# A merge is known by the numbers of its customers, and lasts longer than they do. Of an import with many
# rows, the last ones are deleted after it. What an ERP has told is known longer than the record that it
# became.
ignore_links_on_delete = [
	"Cronus External Record",
	"Cronus Customer Merge",
	"Cronus Import Journal",
	"Cronus Import Row",
	"Cronus Merge Entry",
]
