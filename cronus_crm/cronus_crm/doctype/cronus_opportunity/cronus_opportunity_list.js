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
		"customer",
		"prospect",
		"seller",
		"title",
		"stage",
	],

	short_labels: { opened_on: __("Date") },

	row_actions: () => [
		{
			label: __("Plan activity"),
			show: () => frappe.model.can_create("Cronus Activity"),
			action: ({ name, customer, prospect, title }) =>
				cronus_crm.activities.open_dialog({ mode: "planned", opportunity: name, customer, prospect, title }),
		},
		{ label: __("Move to the next stage"), show: next_stage_of, action: move_to_next_stage },
		{
			label: __("Make proforma"),
			show: ({ customer }) => customer && frappe.model.can_create("Proforma"),
			action: ({ name }) => make_proformas([name]),
		},
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
		listview.page.add_actions_menu_item(__("Make proformas"), () => make_proformas(listview.get_checked_items(true)));
	},
};

async function make_proformas(opportunities) {
	const proformas = await frappe.xcall("cronus_crm.api.documents.make_from_opportunities", { opportunities });
	if (proformas.length === 1) frappe.set_route("Form", "Proforma", proformas[0]);
	else frappe.set_route("List", "Proforma", { name: ["in", proformas] });
}

const next_stage_of = ({ stage }) =>
	frappe.model.can_write("Cronus Opportunity") &&
	cronus_crm.opportunities.find_next_stage(cronus_crm.opportunities.loaded_stages, stage);

async function move_to_next_stage(opportunity) {
	if (await cronus_crm.opportunities.move(opportunity, next_stage_of(opportunity))) cur_list.refresh();
}
