frappe.listview_settings["Cronus Opportunity"] = {
	add_fields: ["state"],

	get_indicator(doc) {
		const colours = { Open: "blue", Pending: "yellow", Won: "green", "Not won": "red", Closed: "gray" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},
};
