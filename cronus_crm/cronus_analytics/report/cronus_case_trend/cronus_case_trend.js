frappe.query_reports["Cronus Case Trend"] = {
	filters: [...cronus_crm.report_filters.period_fields(), cronus_crm.case_reports.team_field()],
	formatter: cronus_crm.report_filters.formatter,
};
