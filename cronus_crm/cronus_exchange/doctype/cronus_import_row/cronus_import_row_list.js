// Likely doubles can be decided about from the list, many at once.
frappe.listview_settings["Cronus Import Row"] = {
	hide_name_column: true,
	add_fields: ["outcome", "customer_import", "line"],

	get_indicator({ outcome }) {
		const colours = {
			New: "green",
			Written: "green",
			Changed: "blue",
			Wrong: "red",
			Refused: "red",
			Doubled: "orange",
			"Likely double": "orange",
		};
		return [__(outcome), colours[outcome] || "gray", `outcome,=,${outcome}`];
	},

	onload(list) {
		list.page.add_actions_menu_item(__("Create anyway"), () => decide(list, "Create"));
		list.page.add_actions_menu_item(__("Leave out"), () => decide(list, "Leave out"));
	},
};

async function decide(list, decision) {
	const rows = list.get_checked_items();
	for (const name of new Set(rows.map((row) => row.customer_import))) {
		const lines = rows.filter((row) => row.customer_import === name).map((row) => row.line);
		await frappe.call("cronus_crm.api.imports.decide", { name, lines, decision });
	}
	list.refresh();
}
