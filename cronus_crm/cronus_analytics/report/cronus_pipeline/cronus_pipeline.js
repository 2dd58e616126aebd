frappe.query_reports["Cronus Pipeline"] = {
	filters: cronus_crm.report_filters.whose(),
	formatter: cronus_crm.report_links.formatter((fieldname, row, column) => {
		if (!column.stage && !["number", "amount", "potential"].includes(fieldname)) return null;
		return [
			"Cronus Opportunity",
			{
				state: cronus_crm.report_links.in_progress,
				...(column.stage ? { stage: column.stage } : {}),
				...cronus_crm.report_links.whose(row.bold ? undefined : row.seller),
			},
		];
	}),
};
