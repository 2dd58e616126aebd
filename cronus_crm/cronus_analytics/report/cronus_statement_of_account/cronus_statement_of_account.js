frappe.query_reports["Cronus Statement of Account"] = {
	filters: [
		{ ...cronus_crm.customer_reports.customer_field(), reqd: 1 },
		...cronus_crm.report_filters.period_fields(90),
	],
	onload(report) {
		report.page.add_inner_button("PDF", () => cronus_crm.open_statement(report.get_filter_values(true)));
	},
	formatter: cronus_crm.report_filters.formatter,
};
