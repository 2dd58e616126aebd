frappe.query_reports["Cronus Seller Efficiency"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(),
		cronus_crm.report_filters.rows_field(),
		...cronus_crm.report_filters.seller_fields(),
		{ fieldname: "days", label: __("Days to invoice"), fieldtype: "Check", default: 1 },
	],
	formatter: cronus_crm.report_filters.formatter,
};
