frappe.ui.form.on("Cronus Solution", {
	setup(frm) {
		frm.set_query("category", () => ({ filters: { disabled: 0 } }));
		frm.set_query("products", () => ({ filters: { disabled: 0 } }));
		frm.set_query("responsible", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.state === "Public") {
			// The rest of the address says what it is about, and may be left out.
			frm.add_custom_button(__("Open page"), () => window.open(`/solutions/${frm.doc.name.toLowerCase()}`));
		}
		if (frappe.model.can_read("Cronus Solution Version") && frm.doc.version_number > 1) {
			frm.add_custom_button(__("Versions"), () => cronus_crm.solutions.show_versions(frm));
		}
	},
});
