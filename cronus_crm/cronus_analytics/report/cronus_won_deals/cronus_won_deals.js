frappe.query_reports["Cronus Won Deals"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(),
		cronus_crm.report_filters.rows_field([
			{ value: "Customer", label: __("Customers") },
			{ value: "Product", label: __("Products") },
		]),
		...cronus_crm.report_filters.seller_fields(),
		{ fieldname: "medians", label: __("Medians and days"), fieldtype: "Check", default: 1 },
		cronus_crm.customer_reports.limit_field(__("Rows at most")),
	],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		const state = { won: "Won", won_amount: "Won", lost: "Not won", lost_amount: "Not won" }[fieldname];
		return (
			state && [
				"Cronus Opportunity",
				{
					state,
					...cronus_crm.report_links.period_filters("closed_on"),
					...cronus_crm.report_links.row_filters(row),
				},
			]
		);
	}),
};
