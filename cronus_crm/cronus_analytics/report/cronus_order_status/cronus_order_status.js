frappe.query_reports["Cronus Order Status"] = {
	filters: [
		...cronus_crm.report_filters.period(90),
		{
			fieldname: "show",
			label: __("Show"),
			fieldtype: "Select",
			options: ["All", "To deliver", "Late", "To invoice"].map(cronus_crm.option),
			default: "All",
		},
		cronus_crm.customer_reports.customer(),
		{ fieldname: "seller", label: __("Seller"), fieldtype: "Link", options: "Cronus Seller" },
	],
	formatter: cronus_crm.report_filters.formatter,
};
