frappe.ui.form.on("Cronus Customer Merge", {
	refresh(frm) {
		if (frm.doc.state !== "Merged") return;
		frm.add_custom_button(__("Undo the merge"), () =>
			cronus_crm.customer.confirm_undo_merge(frm.doc.name, () => frm.reload_doc())
		);
	},
});
