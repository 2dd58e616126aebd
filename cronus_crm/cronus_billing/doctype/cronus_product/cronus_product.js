frappe.ui.form.on("Cronus Product", {
	setup: (frm) => cronus_crm.rates.show_as_written(frm),

	onload(frm) {
		if (frm.is_new() && !frm.doc.tax) frm.set_value("tax", frappe.boot.cronus_default_tax);
	},
});
