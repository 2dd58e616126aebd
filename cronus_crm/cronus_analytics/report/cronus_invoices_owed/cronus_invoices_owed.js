frappe.query_reports["Cronus Invoices Owed"] = {
	tree: true,
	name_field: "customer",
	initial_depth: 1,
	filters: [
		cronus_crm.customer_reports.customer(),
		...cronus_crm.report_filters.whose(),
		{ fieldname: "overdue", label: __("Only with something overdue"), fieldtype: "Check" },
		cronus_crm.customer_reports.at_most(__("Customers at most")),
	],
	formatter: cronus_crm.report_filters.formatter,
};
