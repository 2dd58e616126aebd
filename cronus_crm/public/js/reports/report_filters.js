// What every report over a period is asked: see visibility/record_filters.py
frappe.provide("cronus_crm.report_filters");

const { add_days, get_today } = frappe.datetime;

Object.assign(cronus_crm.report_filters, {
	// The last so many days, today included.
	period(days = 365) {
		const date = (fieldname, label, value) => ({ fieldname, label, fieldtype: "Date", default: value });
		return [
			{ ...date("from_date", __("From date"), add_days(get_today(), 1 - days)), reqd: 1 },
			{ ...date("to_date", __("To date"), get_today()), reqd: 1 },
		];
	},

	whose() {
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

	// After the table: the framework's page of a report shortens the labels of a chart until none can be read.
	show_labels_that_fit() {
		const report = frappe.query_report;
		if (!report.chart_options) return;
		report.chart_options.axisOptions.xIsSeries = 1;
		report.render_chart(report.chart_options);
	},

	// The row of the total stands out.
	formatter(value, row, column, data, default_formatter) {
		// The total of a column of links is a word, not a document.
		if (data?.bold && column.fieldtype === "Link") return `<b>${frappe.utils.escape_html(value)}</b>`;
		// A quantity as documents write it: 26, and not 26.000.
		const is_quantity = column.fieldtype === "Float" && !column.precision;
		const shown = is_quantity
			? frappe.format(value, column, {}, data)
			: default_formatter(value, row, column, data);
		return data?.bold ? `<b>${shown}</b>` : shown;
	},
});
