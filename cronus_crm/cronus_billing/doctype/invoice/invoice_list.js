frappe.listview_settings["Invoice"] = {
	add_fields: ["state", "due_date"],
	has_indicator_for_cancelled: true,

	get_indicator(doc) {
		const colours = {
			Draft: "red",
			Issued: "blue",
			"Partly paid": "yellow",
			Paid: "green",
			Overdue: "orange",
			Cancelled: "gray",
		};
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
};
