frappe.listview_settings["Cronus External Document"] = {
	add_fields: ["state", "kind", "currency"],
	has_indicator_for_cancelled: true,
	hide_name_column: true,

	get_indicator({ state }) {
		const colours = { Issued: "blue", Settled: "green", Cancelled: "gray" };
		return [__(state, null, "Cronus External Document"), colours[state], `state,=,${state}`];
	},
};
