"""Hooks of the exchange: an import whose worker is gone is taken up again, customers that were merged are
led to the one that stayed, what an ERP owns is not changed here, what changes here is noted for it, and its
files are fetched."""

_merging = "cronus_crm.cronus_exchange.merging"
_papers = "cronus_crm.cronus_exchange.external_documents"
_pushing = "cronus_crm.cronus_exchange.pushing"
_owning = "cronus_crm.cronus_exchange.owning"
_differing = "cronus_crm.cronus_exchange.differing.told_changes"
_fetching = "cronus_crm.cronus_exchange.fetching"
_watching = "cronus_crm.cronus_exchange.watching.silence"
_pulling = "cronus_crm.cronus_exchange.pulling"
_log = f"{_pulling}.change_log"

# Documents of an ERP, as its source tells them.
cronus_sales_documents = {"Cronus External Document": f"{_papers}.papers.read_external_document"}
cronus_search_sources = [f"{_papers}.told_document_search.SOURCES"]
cronus_invoiced_lines = [f"{_papers}.told_lines.list_invoiced_lines"]
cronus_order_lines = [f"{_papers}.told_lines.read_order_lines"]
cronus_debts_elsewhere = [f"{_papers}.told_debts.sum_told_debts"]
override_doctype_dashboards = {
	"Cronus Customer": f"{_papers}.told_connections.add_to_customer",
	"Cronus Opportunity": f"{_papers}.told_connections.add_to_opportunity",
}

_led_to_survivor = {
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

# Records of which an ERP tells.
_told = {
	doctype: {
		"onload": f"{_owning}.record_origins.on_load",
		"validate": f"{_owning}.owned_checks.refuse_changes",
		"on_update": f"{_differing}.on_update",
		"on_change": f"{_log}.on_change",
		"before_rename": f"{_owning}.owned_checks.refuse_rename",
		"after_rename": f"{_log}.on_rename",
		"after_delete": f"{_log}.on_delete",
	}
	for doctype in (
		"Contact",
		"Cronus Customer",
		"Cronus Customer Branch",
		"Cronus Product",
		"Cronus Product Price",
	)
}

doc_events = {
	doctype: {**_led_to_survivor.get(doctype, {}), **_told.get(doctype, {})}
	for doctype in {**_led_to_survivor, **_told}
}
doc_events["Cronus Source"] = {
	"before_insert": f"{_owning}.owned_fields.propose_fields",
	"validate": [f"{_owning}.owned_fields.check_fields", f"{_fetching}.places.check_source"],
	"before_save": f"{_watching}.note_switch",
}

doc_events["Cronus External Document"] = {"onload": f"{_owning}.record_origins.on_load"}

after_migrate = [f"{_pulling}.noting.prepare"]

cronus_on_issue = [f"{_log}.on_document"]
cronus_on_cancel = [f"{_log}.on_document"]
cronus_on_change = [f"{_log}.on_document"]

scheduler_events = {
	"cron": {
		"*/5 * * * *": [
			"cronus_crm.cronus_exchange.running.tasks.resume_silent",
			f"{_watching}.watch_sources",
			f"{_pushing}.waiting_rows.take_up",
			f"{_fetching}.fetch_tasks.start_due",
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
	"Cronus Customer Merge",
	"Cronus External Record",
	"Cronus Import Journal",
	"Cronus Import Row",
	"Cronus Merge Entry",
]
