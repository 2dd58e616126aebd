// Filters and formatter of the reports over a period: see visibility/record_filters.py
frappe.provide("cronus_crm.report_filters");

const { add_days } = frappe.datetime;

Object.assign(cronus_crm.report_filters, {
	// Filters of the period; by default the last `days` days, today included.
	period_fields(days = 365) {
		const date = (fieldname, label, value) => ({ fieldname, label, fieldtype: "Date", default: value });
		return [
			{ ...date("from_date", __("From date"), add_days(cronus_crm.company_today(), 1 - days)), reqd: 1 },
			{ ...date("to_date", __("To date"), cronus_crm.company_today()), reqd: 1 },
		];
	},

	// What the rows of a report by seller are: see figures/row_groups.py. others: more options.
	rows_field(others = []) {
		return {
			fieldname: "by",
			label: __("Rows"),
			fieldtype: "Select",
			options: [
				{ value: "Seller", label: __("Sellers") },
				{ value: "Team", label: __("Teams") },
				{ value: "Manager", label: __("Managers") },
				{ value: "Work centre", label: __("Work centres") },
				...others,
			],
			default: "Seller",
		};
	},

	// Filters of seller and work centre.
	seller_fields() {
		return [
			{ fieldname: "seller", label: __("Seller or team"), fieldtype: "Link", options: "Cronus Seller" },
			{
				fieldname: "work_center",
				label: __("Work centre"),
				fieldtype: "Link",
				options: "Cronus Work Center",
			},
		];
	},

	// Redraws the chart with only as many labels as fit; the framework shortens all of them until they are illegible.
	thin_out_labels() {
		const report = frappe.query_report;
		if (!report.chart_options) return;
		report.chart_options.axisOptions.xIsSeries = 1;
		report.render_chart(report.chart_options);
	},

	// Formatter of a cell: the row of the total (`bold`) in bold, quantities without trailing zeros.
	formatter(value, row, column, data, default_formatter) {
		// In the row of the total, a column of links has text, not the name of a document.
		if (data?.bold && column.fieldtype === "Link") return `<b>${frappe.utils.escape_html(value)}</b>`;
		// A document of an ERP, whose name nobody knows.
		if (data?.number && column.fieldtype === "Dynamic Link") {
			const number = frappe.utils.escape_html(data.number);
			return frappe.utils.get_form_link(data[column.options], value, true, number);
		}
		// 26, not 26.000.
		const is_quantity = column.fieldtype === "Float" && !column.precision;
		const shown = is_quantity
			? frappe.format(value, column, {}, data)
			: default_formatter(value, row, column, data);
		return data?.bold ? `<b>${shown}</b>` : shown;
	},
});
