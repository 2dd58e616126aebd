frappe.query_reports["Cronus Seller Efficiency"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From date"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -12),
			reqd: 1,
		},
		{
			fieldname: "to_date",
			label: __("To date"),
			fieldtype: "Date",
			default: frappe.datetime.get_today(),
			reqd: 1,
		},
		{
			fieldname: "seller",
			label: __("Seller or team"),
			fieldtype: "Link",
			options: "Cronus Seller",
		},
		{
			fieldname: "work_center",
			label: __("Work centre"),
			fieldtype: "Link",
			options: "Cronus Work Center",
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return data && data.bold ? `<b>${shown}</b>` : shown;
	},
};
