frappe.query_reports["Cronus Case Reasons"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(30),
		cronus_crm.case_reports.by_field({ Type: __("Types"), Product: __("Products") }),
		cronus_crm.case_reports.team_field(),
		cronus_crm.customer_reports.limit_field(__("Rows at most")),
	],
	formatter: cronus_crm.case_reports.linked_formatter((fieldname, row) => {
		if (fieldname !== "number") return null;
		const by = frappe.query_report.get_filter_value("by") === "Product" ? "product" : "case_type";
		return [
			"Cronus Case",
			{
				category: ["!=", "Cancelled"],
				...(row.bold ? {} : { [by]: row.of || ["is", "not set"] }),
				...cronus_crm.report_links.period_filters("opened_on"),
				...cronus_crm.case_reports.team_filters(),
			},
		];
	}),
};
