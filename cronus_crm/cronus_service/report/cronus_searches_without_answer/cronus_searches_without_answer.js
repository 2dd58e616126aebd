frappe.query_reports["Cronus Searches without Answer"] = {
	filters: [
		{
			fieldname: "place",
			label: __("Where"),
			fieldtype: "Select",
			options: [
				{ value: "", label: __("All") },
				...["Page", "Desk"].map((value) => ({
					value,
					label: __(value, null, "Cronus Solution Search"),
				})),
			],
		},
		cronus_crm.customer_reports.limit_field(__("Rows at most")),
	],
};
