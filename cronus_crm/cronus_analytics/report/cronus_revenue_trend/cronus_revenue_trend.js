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
		if (!["month", "number", "amount", "number_before", "amount_before"].includes(fieldname)) return null;
		const { seller_filters, period_filters } = cronus_crm.report_links;
		const years = fieldname.endsWith("_before") ? 1 : 0;
		if (frappe.query_report.get_filter_value("of") === "Invoiced") {
			// The number is of invoices, the amount is less the credit notes, which are in its list.
			const kinds = fieldname.startsWith("number") ? { is_return: 0 } : {};
			const period = period_filters("posting_date", row, years);
			return ["Invoice", { docstatus: 1, ...kinds, ...period, ...seller_filters() }];
		}
		const period = period_filters("closed_on", row, years);
		return ["Cronus Opportunity", { state: "Won", ...period, ...seller_filters() }];
	}),
	after_datatable_render: cronus_crm.report_filters.thin_out_labels,
};
