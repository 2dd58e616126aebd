frappe.ui.form.on("Cronus Activity", {
	setup(frm) {
		// "Cancelled" is also a state; the context allows another translation of the result.
		frm.get_docfield("result").context = "Result";
		// @name in the notes tells that user, as in comments.
		frm.get_docfield("notes").enable_mentions = 1;
		frm.set_query("activity_type", () => ({ filters: { disabled: 0 } }));
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1 } }));
	},

	refresh(frm) {
		if (frm.is_new() || !frm.has_perm("write")) return;
		const after = () => frm.reload_doc();
		if (frm.doc.state === "Pending") {
			frm.add_custom_button(__("Mark as done"), () =>
				save_and_run(frm, () => cronus_crm.activities.finish(frm.doc.name, { after }))
			).addClass("btn-primary");
			frm.add_custom_button(__("Postpone"), () =>
				save_and_run(frm, () => cronus_crm.activities.postpone(frm.doc.name, { after }))
			);
		} else {
			frm.add_custom_button(__("Reopen"), () =>
				cronus_crm.activities.reopen(frm.doc.name, { after })
			);
		}
		if (frm.doc.auto_repeat) {
			frm.page.add_menu_item(__("Stop repeating"), () =>
				cronus_crm.activities.stop_repeating(frm.doc.name, { after })
			);
		}
	},
});

// Saves the form first, so that the server acts on the values on the screen.
async function save_and_run(frm, action) {
	if (frm.is_dirty()) await frm.save();
	action();
}
