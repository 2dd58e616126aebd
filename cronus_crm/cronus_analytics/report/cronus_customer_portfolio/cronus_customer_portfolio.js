frappe.query_reports["Cronus Customer Portfolio"] = {
	filters: [
		...cronus_crm.report_filters.whose(),
		cronus_crm.customer_reports.customer(),
		{
			fieldname: "alert",
			label: __("Alert"),
			fieldtype: "Select",
			options: [
				{ value: "", label: __("All customers") },
				{ value: "any", label: __("Any alert") },
				...cronus_crm.customer_reports.alerts(),
			],
		},
		cronus_crm.customer_reports.at_most(__("Customers at most")),
	],

	// Where the amounts of a customer are told one by one.
	formatter(value, row, column, data, default_formatter) {
		const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
		if (!value || !data || data.bold) return shown;
		const { link } = cronus_crm.customer_reports;
		const { fieldname } = column;
		const { customer } = data;
		if (["twelve_months", "this_month"].includes(fieldname)) {
			// Twelve there are eleven whole months and the one that runs.
			return link("Cronus Purchase Peaks", { customer, months: 24 }, shown);
		}
		const is_owed = ["owed", "not_due"].includes(fieldname) || fieldname.startsWith("overdue_");
		return is_owed ? link("Cronus Invoices Owed", { customer }, shown) : shown;
	},
};
