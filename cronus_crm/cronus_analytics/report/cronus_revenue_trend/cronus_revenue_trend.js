frappe.query_reports["Cronus Revenue Trend"] = {
	filters: [
		{
			fieldname: "of",
			label: __("Of"),
			fieldtype: "Select",
			options: [
				{ value: "Won deals", label: __("Won opportunities") },
				{ value: "Invoiced", label: __("Amount invoiced") },
			],
			default: "Won deals",
			reqd: 1,
		},
		...cronus_crm.report_filters.period_fields(),
		...cronus_crm.report_filters.seller_fields(),
	],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!["month", "number", "amount"].includes(fieldname)) return null;
		const sellers = cronus_crm.report_links.seller_filters();
		if (frappe.query_report.get_filter_value("of") === "Invoiced") {
			const period = cronus_crm.report_links.period_filters("posting_date", row);
			return ["Invoice", { docstatus: 1, ...period, ...sellers }];
		}
		const period = cronus_crm.report_links.period_filters("closed_on", row);
		return ["Cronus Opportunity", { state: "Won", ...period, ...sellers }];
	}),
	after_datatable_render: cronus_crm.report_filters.thin_out_labels,
};
