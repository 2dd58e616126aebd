frappe.listview_settings["Proforma"] = {
	add_fields: ["state", "valid_until"],
	has_indicator_for_cancelled: true,

	get_indicator(doc) {
		const colours = {
			Draft: "red",
			Issued: "blue",
			"Partly invoiced": "yellow",
			Invoiced: "green",
			Expired: "orange",
			Cancelled: "gray",
		};
		return [__(doc.state), colours[doc.state], `state,=,${doc.state}`];
	},

	onload(listview) {
		if (!frappe.model.can_create("Invoice")) return;
		listview.page.add_actions_menu_item(__("Make invoices"), async () => {
			const invoices = await frappe.xcall(
				"cronus_crm.cronus_billing.doctype.invoice.invoice.make_from_proformas",
				{ proformas: listview.get_checked_items(true) }
			);
			frappe.set_route("List", "Invoice", { name: ["in", invoices] });
		});
	},
};
