frappe.query_reports["Cronus Purchase Peaks"] = {
	filters: [
		{
			fieldname: "months",
			label: __("Months"),
			fieldtype: "Select",
			options: ["12", "24"],
			default: "12",
		},
		cronus_crm.customer_reports.customer(),
		...cronus_crm.report_filters.whose(),
		cronus_crm.customer_reports.at_most(__("Customers at most")),
	],

	// The more of what the row bought, the darker; its peak in bold, with a mark that needs no colours.
	formatter(value, row, column, data, default_formatter) {
		const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
		if (!data || !column.fieldname.startsWith("in_")) return shown;
		if (!flt(value)) return "";
		const is_peak = column.fieldname === data.peak;
		const share = Math.max(value / (data[data.peak] || value), 0);
		const colour = `rgba(47, 111, 159, ${(0.05 + 0.5 * share).toFixed(2)})`;
		const cell = is_peak ? `<b class="mr-1">▲</b><b>${shown}</b>` : shown;
		return `<div class="d-flex justify-content-end" style="background: ${colour}">${cell}</div>`;
	},
};
