frappe.query_reports["Cronus Invoices Owed"] = {
	tree: true,
	name_field: "customer",
	initial_depth: 1,
	filters: [
		cronus_crm.customer_reports.customer_field(),
		...cronus_crm.report_filters.seller_fields(),
		{ fieldname: "overdue", label: __("Only with something overdue"), fieldtype: "Check" },
		cronus_crm.customer_reports.as_of_field(),
		cronus_crm.customer_reports.limit_field(__("Customers at most")),
	],
	formatter: cronus_crm.report_filters.formatter,
};
