frappe.query_reports["Cronus Deal Funnel"] = {
	filters: [...cronus_crm.report_filters.period_fields(), ...cronus_crm.report_filters.seller_fields()],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!["number", "amount"].includes(fieldname)) return null;
		return [
			"Cronus Opportunity",
			{
				"Cronus Stage Change.stage": ["in", JSON.parse(row.stages)],
				...cronus_crm.report_links.period_filters("opened_on"),
				...cronus_crm.report_links.seller_filters(),
			},
		];
	}),
};
