frappe.query_reports["Cronus Deal Funnel"] = {
	filters: [...cronus_crm.report_filters.period_fields(), ...cronus_crm.report_filters.seller_fields()],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!["number", "amount"].includes(fieldname)) return null;
		return [
			"Cronus Opportunity",
			{
				// With the operator `in`: a plain value would become a filter of the opportunity's present stage.
				"Cronus Stage Change.stage": ["in", [row.stage]],
				...cronus_crm.report_links.period_filters("Cronus Stage Change.entered_on"),
				...cronus_crm.report_links.seller_filters(),
			},
		];
	}),
};
