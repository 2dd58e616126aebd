frappe.query_reports["Cronus Service Times"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(30),
		cronus_crm.case_reports.by_field({ Agent: __("Agents"), Type: __("Types"), Account: __("Customers") }),
		cronus_crm.case_reports.team_field(),
		{ ...cronus_crm.customer_reports.customer_field(), depends_on: "eval:doc.by == 'Account'" },
	],
	formatter: cronus_crm.case_reports.formatter,
};
