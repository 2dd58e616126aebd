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
		...cronus_crm.report_filters.period(),
		...cronus_crm.report_filters.whose(),
	],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!["month", "number", "amount"].includes(fieldname)) return null;
		const whose = cronus_crm.report_links.whose();
		if (frappe.query_report.get_filter_value("of") === "Invoiced") {
			const period = cronus_crm.report_links.period("posting_date", row);
			return ["Invoice", { docstatus: 1, ...period, ...whose }];
		}
		const period = cronus_crm.report_links.period("closed_on", row);
		return ["Cronus Opportunity", { state: "Won", ...period, ...whose }];
	}),
	after_datatable_render: cronus_crm.report_filters.show_labels_that_fit,
};
