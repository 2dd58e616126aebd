frappe.query_reports["Cronus Products Sold"] = {
	filters: [
		...cronus_crm.report_filters.period(90),
		cronus_crm.customer_reports.customer(),
		{ fieldname: "product", label: __("Product"), fieldtype: "Link", options: "Cronus Product" },
		...cronus_crm.report_filters.whose(),
		{ fieldname: "line_by_line", label: __("Line by line"), fieldtype: "Check" },
		cronus_crm.customer_reports.at_most(__("Rows at most")),
	],

	// From what a product sold to its lines.
	formatter(value, row, column, data, default_formatter) {
		const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
		if (!value || !data || data.bold || data.source_name) return shown;
		if (!["quantity", "amount", "invoices"].includes(column.fieldname)) return shown;
		const asked = frappe.query_report.get_filter_values();
		const filters = { ...asked, product: data.product, line_by_line: 1 };
		return cronus_crm.customer_reports.link("Cronus Products Sold", filters, shown);
	},
};
