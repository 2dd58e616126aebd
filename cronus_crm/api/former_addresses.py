"""The former addresses, from before patches/v0_6, when whitelisted functions stood in the modules that do the
work. They remain for one release.

The framework's hook `override_whitelisted_methods` takes this table: the function at the new address answers,
with the same arguments. Functions that were whitelisted only to replace a method of the framework
(`cronus_crm.cronus_crm.guarded_…`) are left out on purpose. They were to be called at the framework's
address, which remains; called at their own, they bypassed the checks.
"""

_API = "cronus_crm.api"
_CRM = "cronus_crm.cronus_crm"
_ACTIVITY = f"{_CRM}.doctype.cronus_activity.cronus_activity"
_CRITERION = f"{_CRM}.doctype.cronus_classification_criterion.cronus_classification_criterion"
_CUSTOMER = f"{_CRM}.doctype.cronus_customer.cronus_customer"
_SELLER = f"{_CRM}.doctype.cronus_seller.cronus_seller"
_BILLING = "cronus_crm.cronus_billing"
_PROFORMA = f"{_BILLING}.doctype.proforma.proforma"
_ANALYTICS = "cronus_crm.cronus_analytics"
_CARDS_BEFORE = f"{_ANALYTICS}.summary_cards"
_CARDS = f"{_ANALYTICS}.dashboard.dashboard_cards"

NEW_ADDRESSES: dict[str, str] = {
	f"{_CRM}.agenda.get_events": f"{_API}.agenda.get_events",
	f"{_CRM}.agenda.move": f"{_API}.agenda.move",
	f"{_CRM}.conversion.convert": f"{_API}.prospects.convert",
	f"{_CRM}.conversion.undo": f"{_API}.prospects.undo_conversion",
	f"{_CRM}.customer_export.export_customers": f"{_API}.customers.export",
	f"{_CRM}.deals.reevaluate": f"{_API}.opportunities.reevaluate",
	f"{_ACTIVITY}.finish": f"{_API}.activities.finish",
	f"{_ACTIVITY}.postpone": f"{_API}.activities.postpone",
	f"{_ACTIVITY}.reopen": f"{_API}.activities.reopen",
	f"{_ACTIVITY}.suggest_next": f"{_API}.activities.suggest_next",
	f"{_CRITERION}.allowed_values": f"{_API}.masters.list_allowed_values",
	f"{_CUSTOMER}.delete_customers": f"{_API}.customers.delete",
	f"{_CUSTOMER}.people_of": f"{_API}.customers.get_contacts_and_addresses",
	f"{_CUSTOMER}.set_criteria": f"{_API}.customers.set_criteria",
	f"{_SELLER}.get_children": f"{_API}.masters.list_sellers",
	f"{_CRM}.duplicates.find": f"{_API}.prospects.find_duplicates",
	f"{_CRM}.duplicates.merge": f"{_API}.prospects.merge",
	f"{_CRM}.pending.overview": f"{_API}.pending.get_overview",
	f"{_CRM}.pending.page": f"{_API}.pending.get_page",
	f"{_CRM}.pending.summary": f"{_API}.pending.get_summary",
	f"{_CRM}.pipeline_board.move_deal": f"{_API}.opportunities.move",
	f"{_CRM}.prospects.add_follow_up": f"{_API}.prospects.add_follow_up",
	f"{_CRM}.prospects.follow_ups": f"{_API}.prospects.list_follow_ups",
	f"{_CRM}.prospects.prepare_follow_up": f"{_API}.prospects.prepare_follow_up",
	f"{_CRM}.prospects.reopen": f"{_API}.prospects.reopen",
	f"{_CRM}.repetition.stop": f"{_API}.activities.stop_repetition",
	f"{_CRM}.timeline.of_customer": f"{_API}.customers.read_history",
	f"{_ANALYTICS}.customer_analysis.of_customer": f"{_API}.customers.analyse",
	f"{_ANALYTICS}.customer_files.download": f"{_API}.files.download_customer_file",
	f"{_ANALYTICS}.customer_files.gather": f"{_API}.files.start_customer_file",
	f"{_ANALYTICS}.printed_statement.download": f"{_API}.files.download_statement",
	f"{_ANALYTICS}.summary.several": f"{_API}.dashboard.read_cards_and_charts",
	f"{_CARDS_BEFORE}.amount_in_progress": f"{_CARDS}.amount_in_progress",
	f"{_CARDS_BEFORE}.amount_invoiced": f"{_CARDS}.amount_invoiced",
	f"{_CARDS_BEFORE}.amount_won": f"{_CARDS}.amount_won",
	f"{_CARDS_BEFORE}.average_won_value": f"{_CARDS}.average_won_value",
	f"{_CARDS_BEFORE}.deal_conversion": f"{_CARDS}.deal_conversion",
	f"{_CARDS_BEFORE}.deals_in_progress": f"{_CARDS}.deals_in_progress",
	f"{_CARDS_BEFORE}.who_opens_the_dashboard": f"{_API}.dashboard.list_roles",
	f"{_CARDS_BEFORE}.won_deals": f"{_CARDS}.won_deals",
	f"{_ANALYTICS}.timeline.documents_of": f"{_API}.documents.list_of_customer",
	f"{_BILLING}.chain.convert": f"{_API}.documents.convert",
	f"{_BILLING}.chain.of_document": f"{_API}.documents.read_chain",
	f"{_BILLING}.credit_notes.make": f"{_API}.documents.make_credit_note",
	f"{_PROFORMA}.make_from_opportunities": f"{_API}.documents.make_from_opportunities",
	f"{_BILLING}.document_preview.preview": f"{_API}.documents.preview",
	f"{_BILLING}.payments.advances_of": f"{_API}.payments.list_advances",
	f"{_BILLING}.payments.allocate": f"{_API}.payments.allocate",
	f"{_BILLING}.payments.make_payment": f"{_API}.payments.make",
	f"{_BILLING}.prospects.make_proforma": f"{_API}.prospects.make_proforma",
}
