frappe.query_reports["Cronus Products Sold"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(90),
		cronus_crm.customer_reports.customer_field(),
		{ fieldname: "product", label: __("Product"), fieldtype: "Link", options: "Cronus Product" },
		...cronus_crm.report_filters.seller_fields(),
		{ fieldname: "line_by_line", label: __("Line by line"), fieldtype: "Check" },
		cronus_crm.customer_reports.limit_field(__("Rows at most")),
	],

	// Links the number of invoices of a product to them, and its other figures to its lines.
	formatter(value, row, column, data, default_formatter) {
		const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
		if (!value || !data || data.bold || data.source_name) return shown;
		if (!["quantity", "amount", "invoices", "customers"].includes(column.fieldname)) return shown;
		const values = frappe.query_report.get_filter_values();
		// Where documents of an ERP are counted too, a list of invoices does not have them; the lines name them all.
		const has_others = Boolean(frappe.boot.cronus.kinds_instead_of_lists.Invoice);
		if (column.fieldname === "invoices" && data.product && !has_others) {
			const { build_link, period_filters, seller_filters } = cronus_crm.report_links;
			const of_customer = values.customer ? { customer: values.customer } : {};
			const filters = { docstatus: 1, is_return: 0, ...of_customer, ...period_filters("posting_date") };
			const of_product = { "Cronus Document Item.product": ["in", [data.product]] };
			return build_link("Invoice", { ...filters, ...of_product, ...seller_filters() }, shown);
		}
		const filters = { ...values, product: data.product, line_by_line: 1 };
		return cronus_crm.customer_reports.build_link("Cronus Products Sold", filters, shown);
	},
};
