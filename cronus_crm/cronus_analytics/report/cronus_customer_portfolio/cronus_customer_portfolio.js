frappe.query_reports["Cronus Customer Portfolio"] = {
	filters: [
		...cronus_crm.report_filters.seller_fields(),
		cronus_crm.customer_reports.customer_field(),
		{
			fieldname: "alert",
			label: __("Alert"),
			fieldtype: "Select",
			options: [
				{ value: "", label: __("All customers") },
				{ value: "any", label: __("Any alert") },
				...cronus_crm.customer_reports.list_alerts(),
			],
		},
		cronus_crm.customer_reports.as_of_field(),
		cronus_crm.customer_reports.limit_field(__("Customers at most")),
	],

	// Links the amounts of a customer to the report with their details.
	formatter(value, row, column, data, default_formatter) {
		const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
		if (!value || !data || data.bold) return shown;
		const { build_link, as_of_filter } = cronus_crm.customer_reports;
		const { fieldname } = column;
		const filters = { customer: data.customer, ...as_of_filter() };
		if (["twelve_months", "this_month"].includes(fieldname)) {
			// 24, as the 12 months of that report include the present one.
			return build_link("Cronus Purchase Peaks", { ...filters, months: 24 }, shown);
		}
		const is_owed = ["owed", "not_due"].includes(fieldname) || fieldname.startsWith("overdue_");
		return is_owed ? build_link("Cronus Invoices Owed", filters, shown) : shown;
	},
};
