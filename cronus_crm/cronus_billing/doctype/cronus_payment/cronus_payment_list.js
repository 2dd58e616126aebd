frappe.listview_settings["Cronus Payment"] = {
	add_fields: ["state", "kind"],
	has_indicator_for_cancelled: true,

	get_indicator(doc) {
		const colours = { Draft: "red", Advance: "blue", Allocated: "green", Cancelled: "gray" };
		return [__(doc.state, null, "Cronus Payment"), colours[doc.state], `state,=,${doc.state}`];
	},
};
