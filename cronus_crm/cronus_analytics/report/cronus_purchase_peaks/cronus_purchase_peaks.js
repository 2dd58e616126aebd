frappe.query_reports["Cronus Purchase Peaks"] = {
	filters: [
		{
			fieldname: "months",
			label: __("Months"),
			fieldtype: "Select",
			options: ["12", "24"].map((value) => ({ value, label: __("{0} months", [value]) })),
			default: "12",
		},
		cronus_crm.customer_reports.customer_field(),
		...cronus_crm.report_filters.seller_fields(),
		cronus_crm.customer_reports.as_of_field(),
		cronus_crm.customer_reports.limit_field(__("Customers at most")),
	],

	after_datatable_render: cronus_crm.report_filters.thin_out_labels,

	// A cell is the darker the nearer it is to the peak of its row; the peak is in bold and has a mark, as colour alone is
	// not accessible. Each amount links to the invoices of the month.
	formatter(value, row, column, data, default_formatter) {
		const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
		if (!data || !column.fieldname.startsWith("in_")) return shown;
		if (!flt(value)) return "";
		const is_peak = column.fieldname === data.peak;
		const share = Math.max(value / (data[data.peak] || value), 0);
		const colour = `rgba(47, 111, 159, ${(0.05 + 0.5 * share).toFixed(2)})`;
		const begins = `${column.fieldname.slice("in_".length).replace("_", "-")}-01`;
		const { as_of } = cronus_crm.customer_reports.as_of_filter();
		const month_ends = moment(begins).endOf("month").format("YYYY-MM-DD");
		const ends = as_of && as_of < month_ends ? as_of : month_ends;
		const { build_link, seller_filters } = cronus_crm.report_links;
		const customer = data.bold ? frappe.query_report.get_filter_value("customer") : data.customer;
		const invoices = { docstatus: 1, posting_date: ["Between", [begins, ends]], ...seller_filters() };
		const amount = build_link("Invoice", customer ? { customer, ...invoices } : invoices, shown);
		const cell = is_peak ? `<b class="mr-1">▲</b><b>${amount}</b>` : amount;
		return `<div class="d-flex justify-content-end" style="background: ${colour}">${cell}</div>`;
	},
};
