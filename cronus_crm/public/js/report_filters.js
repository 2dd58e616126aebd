// What every report over a period is asked: see cronus_analytics/asked.py
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

	// The row of the total stands out.
	formatter(value, row, column, data, default_formatter) {
		// The total of a column of links is a word, not a document.
		if (data?.bold && column.fieldtype === "Link") return `<b>${frappe.utils.escape_html(value)}</b>`;
		const shown = default_formatter(value, row, column, data);
		return data?.bold ? `<b>${shown}</b>` : shown;
	},
});
