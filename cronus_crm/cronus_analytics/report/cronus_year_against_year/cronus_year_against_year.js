frappe.query_reports["Cronus Year against Year"] = {
	filters: [
		{
			fieldname: "to_date",
			label: __("Each year until"),
			fieldtype: "Date",
			default: cronus_crm.company_today(),
			reqd: 1,
		},
		{
			fieldname: "years",
			label: __("Years"),
			fieldtype: "Select",
			options: ["2", "3", "4", "5"].map((value) => ({ value, label: __("{0} years", [value]) })),
			default: "2",
		},
		{
			...cronus_crm.report_filters.rows_field(),
			options: [{ value: "Month", label: __("Months") }, ...cronus_crm.report_filters.rows_field().options],
			default: "Month",
		},
		...cronus_crm.report_filters.seller_fields(),
	],
	formatter: cronus_crm.report_links.formatter((fieldname, row) => {
		if (!fieldname.startsWith("year_")) return null;
		const year = fieldname.slice("year_".length);
		const until = `${year}${frappe.query_report.get_filter_value("to_date").slice(4)}`;
		const month = row.month ? `${year}-${String(row.month).padStart(2, "0")}` : null;
		const last = month ? moment(`${month}-01`).endOf("month").format("YYYY-MM-DD") : until;
		const days = [month ? `${month}-01` : `${year}-01-01`, last < until ? last : until];
		const { seller_filters, row_filters } = cronus_crm.report_links;
		const of_row = month ? seller_filters() : row_filters(row);
		return ["Invoice", { docstatus: 1, posting_date: ["Between", days], ...of_row }];
	}),
};
