frappe.query_reports["Cronus Pipeline"] = {
	filters: [cronus_crm.report_filters.rows_field([{ value: "Product", label: __("Products") }]), ...cronus_crm.report_filters.seller_fields()],
	formatter: cronus_crm.report_links.formatter((fieldname, row, column) => {
		if (!column.stage && !["number", "amount", "potential"].includes(fieldname)) return null;
		return [
			"Cronus Opportunity",
			{
				state: cronus_crm.report_links.states_in_course,
				...(column.stage ? { stage: column.stage } : {}),
				...cronus_crm.report_links.row_filters(row),
			},
		];
	}),
};
