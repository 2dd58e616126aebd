frappe.ui.form.on("Cronus Payment Terms", {
	setup: (frm) => cronus_crm.rates.show_as_written(frm),
});
