frappe.listview_settings["Cronus Solution"] = {
	add_fields: ["state"],

	get_indicator({ state }) {
		const color = { Draft: "gray", Internal: "blue", Public: "green" }[state];
		return [__(state, null, "Cronus Solution"), color, `state,=,${state}`];
	},
};
