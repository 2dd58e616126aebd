frappe.query_reports["Cronus Deal Funnel"] = {
	filters: [...cronus_crm.report_filters.period(), ...cronus_crm.report_filters.whose()],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!["number", "amount"].includes(fieldname)) return null;
		return [
			"Cronus Opportunity",
			{
				// As a list of one, which the list does not take for the stage that a deal is in now.
				"Cronus Stage Change.stage": ["in", [row.stage]],
				...cronus_crm.report_links.period("Cronus Stage Change.entered_on"),
				...cronus_crm.report_links.whose(),
			},
		];
	}),
};
