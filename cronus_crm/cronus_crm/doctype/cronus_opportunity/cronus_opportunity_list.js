frappe.listview_settings["Cronus Opportunity"] = {
	add_fields: [
		"state",
		"light",
		"stalled",
		"value",
		"currency",
		"customer_name",
		"prospect_name",
		"expected_close",
	],

	get_indicator(doc) {
		if (cint(doc.stalled)) return [__("Stalled"), "orange", "stalled,=,1"];
		const colours = { Open: "blue", Pending: "yellow", Won: "green", "Not won": "red", Closed: "gray" };
		return [__(doc.state, null, "Cronus Opportunity"), colours[doc.state], `state,=,${doc.state}`];
	},

	formatters: {
		light: (_light, _field, doc) => cronus_crm.opportunities.light_html(doc),

		// The colours are loaded in onload, which then renders the rows again.
		stage(stage) {
			const { color } = cronus_crm.opportunities.loaded_stages?.[stage] || {};
			const dot = color ? `<span style="color: ${frappe.utils.escape_html(color)}">●</span> ` : "";
			return dot + frappe.utils.escape_html(__(stage));
		},
	},

	onload(listview) {
		cronus_crm.opportunities.load_stages().then((stages) => {
			cronus_crm.opportunities.loaded_stages = stages;
			listview.render_list?.();
		});
		if (!frappe.model.can_create("Proforma")) return;
		listview.page.add_actions_menu_item(__("Make proformas"), async () => {
			const proformas = await frappe.xcall(
				"cronus_crm.api.documents.make_from_opportunities",
				{ opportunities: listview.get_checked_items(true) }
			);
			frappe.set_route("List", "Proforma", { name: ["in", proformas] });
		});
	},
};
