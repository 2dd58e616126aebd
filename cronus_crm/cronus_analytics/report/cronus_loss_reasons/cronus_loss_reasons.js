frappe.query_reports["Cronus Loss Reasons"] = {
	filters: [...cronus_crm.report_filters.period_fields(), ...cronus_crm.report_filters.seller_fields()],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!["number", "amount"].includes(fieldname)) return null;
		return [
			"Cronus Opportunity",
			{
				state: "Not won",
				...(row.bold ? {} : { loss_reason: row.loss_reason || ["is", "not set"] }),
				...cronus_crm.report_links.period_filters("closed_on"),
				...cronus_crm.report_links.seller_filters(),
			},
		];
	}),
};
