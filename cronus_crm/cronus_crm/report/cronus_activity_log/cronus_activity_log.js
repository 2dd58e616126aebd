frappe.query_reports["Cronus Activity Log"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(30),
		cronus_crm.report_filters.seller_fields()[0],
		{
			fieldname: "activity_type",
			label: __("Type"),
			fieldtype: "Link",
			options: "Cronus Activity Type",
		},
		cronus_crm.customer_reports.customer_field(),
		{
			fieldname: "state",
			label: __("State"),
			fieldtype: "Select",
			options: [
				{ value: "", label: __("All") },
				...["Pending", "Done", "Cancelled"].map((value) => ({
					value,
					label: __(value, null, "Cronus Activity"),
				})),
			],
		},
		cronus_crm.customer_reports.limit_field(__("Rows at most")),
	],
	formatter: cronus_crm.report_filters.formatter,
};
