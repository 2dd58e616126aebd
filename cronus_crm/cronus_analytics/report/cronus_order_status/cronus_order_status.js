frappe.query_reports["Cronus Order Status"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(90),
		{
			fieldname: "show",
			label: __("Show"),
			fieldtype: "Select",
			options: ["All", "To deliver", "Late", "To invoice"].map(cronus_crm.translated_option),
			default: "All",
		},
		cronus_crm.customer_reports.customer_field(),
		{ fieldname: "seller", label: __("Seller"), fieldtype: "Link", options: "Cronus Seller" },
	],
	formatter: cronus_crm.report_filters.formatter,
};
