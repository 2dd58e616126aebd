frappe.query_reports["Cronus Won Deals"] = {
	filters: [...cronus_crm.report_filters.period_fields(), ...cronus_crm.report_filters.seller_fields()],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		const state = { won: "Won", won_amount: "Won", lost: "Not won", lost_amount: "Not won" }[fieldname];
		return (
			state && [
				"Cronus Opportunity",
				{
					state,
					...cronus_crm.report_links.period_filters("closed_on"),
					...cronus_crm.report_links.seller_filters(row.bold ? undefined : row.seller),
				},
			]
		);
	}),
};
