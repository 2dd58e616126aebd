frappe.views.calendar["Cronus Activity"] = {
	field_map: {
		start: "starts_on",
		end: "ends_on",
		id: "name",
		title: "subject",
		allDay: "all_day",
		color: "color",
	},
	filters: [
		{ fieldtype: "Link", fieldname: "seller", options: "Cronus Seller", label: __("Seller") },
		{ fieldtype: "Link", fieldname: "activity_type", options: "Cronus Activity Type", label: __("Type") },
	],
};
