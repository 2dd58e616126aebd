frappe.listview_settings["Cronus Opportunity"] = {
	add_fields: ["state"],

	get_indicator(doc) {
		const colours = { Open: "blue", Pending: "yellow", Won: "green", "Not won": "red", Closed: "gray" };
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},

	onload(listview) {
		if (!frappe.model.can_create("Proforma")) return;
		listview.page.add_actions_menu_item(__("Make proformas"), async () => {
			const proformas = await frappe.xcall(
				"cronus_crm.cronus_billing.doctype.proforma.proforma.make_from_opportunities",
				{ opportunities: listview.get_checked_items(true) }
			);
			frappe.set_route("List", "Proforma", { name: ["in", proformas] });
		});
	},
};
