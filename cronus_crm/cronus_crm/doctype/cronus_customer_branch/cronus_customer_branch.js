frappe.ui.form.on("Cronus Customer Branch", {
	setup(frm) {
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
	},

	refresh(frm) {
		if (frm.is_new()) frappe.contacts.clear_address_and_contact(frm);
		else cronus_crm.customer.show_contacts_and_addresses(frm);
	},
});
