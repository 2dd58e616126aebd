frappe.query_reports["Cronus Issued Documents"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(90),
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: [
				{ value: "", label: __("All kinds") },
				{ value: "Invoices and credit notes", label: __("Invoices and credit notes") },
				...frappe.boot.cronus.history.document_kinds.map(cronus_crm.translated_option),
			],
		},
		{
			fieldname: "show",
			label: __("Show"),
			fieldtype: "Select",
			options: ["All", "With balance", "Open", "Open offers", "Overdue", "Invoiced"].map(
				cronus_crm.translated_option,
			),
			default: "All",
		},
		cronus_crm.customer_reports.customer_field(),
		...cronus_crm.report_filters.seller_fields(),
		cronus_crm.customer_reports.limit_field(__("Rows at most")),
		// What only links from figures say: sellers without their teams, and what documents do not have.
		{ fieldname: "of_sellers", label: __("Seller"), fieldtype: "Data", hidden: 1 },
		{ fieldname: "without", label: __("Nothing"), fieldtype: "Data", hidden: 1 },
	],
	formatter: cronus_crm.report_filters.formatter,
};
