frappe.ui.form.on("Invoice", {
	setup(frm) {
		cronus_crm.commercial_document.setup(frm);
	},

	customer(frm) {
		cronus_crm.commercial_document.take_from_customer(frm);
	},
});

cronus_crm.commercial_document.on_lines();
