frappe.query_reports["Cronus Seller Efficiency"] = {
	filters: [...cronus_crm.report_filters.period(), ...cronus_crm.report_filters.whose()],
	formatter: cronus_crm.report_filters.formatter,
};
