frappe.query_reports["Cronus Potential"] = {
	filters: cronus_crm.report_filters.seller_fields(),
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!["month", "number", "amount", "potential"].includes(fieldname)) return null;
		const when = row.from_date
			? cronus_crm.report_links.period_filters("expected_close", row)
			: { expected_close: ["is", "not set"] };
		return [
			"Cronus Opportunity",
			{
				state: cronus_crm.report_links.states_in_course,
				...(row.bold ? {} : when),
				...cronus_crm.report_links.seller_filters(),
			},
		];
	}),
};
