frappe.ui.form.on("Cronus External Document", {
	refresh(frm) {
		// What the ERP says, it says there: nothing here is filled in, issued or cancelled.
		frm.disable_form();
		frm.disable_save();
		frm.set_intro("");
		frm.page.clear_primary_action();
		frm.page.clear_secondary_action();
	},
});
