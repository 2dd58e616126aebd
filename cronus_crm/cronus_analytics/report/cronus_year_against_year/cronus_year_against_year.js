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
			fieldname: "by",
			label: __("Rows"),
			fieldtype: "Select",
			options: [
				{ value: "Month", label: __("Months") },
				{ value: "Seller", label: __("Sellers") },
			],
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
		const of_seller = row.bold || month ? undefined : row.seller;
		return [
			"Invoice",
			{ docstatus: 1, posting_date: ["Between", days], ...cronus_crm.report_links.seller_filters(of_seller) },
		];
	}),
};
