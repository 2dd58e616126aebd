frappe.query_reports["Cronus Prospects by Origin"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(),
		{
			fieldname: "by",
			label: __("Rows"),
			fieldtype: "Select",
			options: [
				{ value: "Medium", label: __("Contact media") },
				{ value: "Campaign", label: __("Campaigns") },
				{ value: "Medium and campaign", label: __("Contact media and campaigns") },
			],
			default: "Medium",
		},
		...cronus_crm.report_filters.seller_fields(),
	],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		const state = { prospects: {}, customers: { state: "Converted" } }[fieldname];
		if (!state) return null;
		const filters = {
			...state,
			...cronus_crm.report_links.period_filters("contacted_on"),
			...cronus_crm.report_links.seller_filters(),
		};
		for (const origin of ["medium", "campaign"]) {
			if (!row.bold && origin in row) filters[origin] = row[origin] || ["is", "not set"];
		}
		return ["Cronus Prospect", filters];
	}),
};
