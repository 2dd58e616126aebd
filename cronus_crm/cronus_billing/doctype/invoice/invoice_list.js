frappe.listview_settings["Invoice"] = {
	add_fields: ["state", "due_date", "is_return"],
	has_indicator_for_cancelled: true,

	get_indicator(doc) {
		const colours = {
			Draft: "red",
			Issued: "blue",
			"Partly paid": "yellow",
			Paid: "green",
			Overdue: "orange",
			Settled: "green",
			Cancelled: "gray",
		};
		return [__(doc.state, null, "Invoice"), colours[doc.state], `state,=,${doc.state}`];
	},
	onload(listview) {
		if (frappe.model.can_submit("Invoice")) {
			listview.page.add_menu_item(__("Credit note without an invoice"), () =>
				frappe.new_doc("Invoice", { is_return: 1 })
			);
		}
		if (!frappe.model.can_create("Cronus Payment")) return;
		listview.page.add_actions_menu_item(__("Make payment"), async () => {
			const payment = await frappe.xcall("cronus_crm.api.payments.make", {
				invoices: listview.get_checked_items(true),
			});
			frappe.set_route("Form", "Cronus Payment", payment);
		});
	},
};
