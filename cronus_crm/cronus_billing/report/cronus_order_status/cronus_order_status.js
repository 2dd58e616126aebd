frappe.query_reports["Cronus Order Status"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From date"),
			fieldtype: "Date",
			default: frappe.datetime.add_months(frappe.datetime.get_today(), -3),
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
			fieldname: "show",
			label: __("Show"),
			fieldtype: "Select",
			options: ["All", "To deliver", "Late", "To invoice"].map((value) => ({
				value,
				label: __(value),
			})),
			default: "All",
		},
		{
			fieldname: "customer",
			label: __("Customer"),
			fieldtype: "Link",
			options: "Cronus Customer",
		},
		{
			fieldname: "seller",
			label: __("Seller"),
			fieldtype: "Link",
			options: "Cronus Seller",
		},
	],
};
