frappe.ui.form.on("Cronus Product", {
	onload(frm) {
		if (frm.is_new() && !frm.doc.tax) frm.set_value("tax", frappe.boot.cronus_default_tax);
	},
});
