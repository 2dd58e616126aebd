frappe.ui.form.on("Cronus Product", {
	setup: (frm) => cronus_crm.rates.show_as_written(frm),
});
