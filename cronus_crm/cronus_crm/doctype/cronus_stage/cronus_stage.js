frappe.ui.form.on("Cronus Stage", {
	refresh(frm) {
		frm.was_disabled = frm.doc.disabled;
	},

	// It comes before the refresh of what was saved.
	async after_save(frm) {
		if (!frm.doc.disabled || frm.was_disabled) return;
		const left = await frappe.db.count("Cronus Opportunity", {
			filters: { stage: frm.doc.name, state: ["in", frappe.boot.cronus.opportunity.states_in_course] },
		});
		if (left) ask_for_stage(frm.doc.name, left);
	},
});

function ask_for_stage(stage, left) {
	const dialog = new frappe.ui.Dialog({
		title: __("Where do its opportunities go?"),
		fields: [
			{
				fieldname: "to",
				fieldtype: "Link",
				options: "Cronus Stage",
				label: __("Move {0} opportunities in course to", [left]),
				reqd: 1,
				get_query: () => ({
					filters: { disabled: 0, state: ["in", frappe.boot.cronus.opportunity.states_in_course], name: ["!=", stage] },
				}),
			},
		],
		primary_action_label: __("Move"),
		async primary_action({ to }) {
			const method = "cronus_crm.api.opportunities.move_all";
			const { moved, queued } = await cronus_crm.call_once(dialog, method, { stage, to });
			const text = queued ? __("{0} opportunities are being moved", [moved]) : __("{0} opportunities moved", [moved]);
			frappe.show_alert({ message: text, indicator: "green" });
		},
		secondary_action_label: __("Leave them there"),
		secondary_action: () => dialog.hide(),
	});
	dialog.show();
}
