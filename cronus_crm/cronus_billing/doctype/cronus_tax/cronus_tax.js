frappe.ui.form.on("Cronus Tax", {
	setup: (frm) => cronus_crm.rates.show_as_written(frm),
});
