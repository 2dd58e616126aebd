const HANDING_OVER = ["Cronus Sales Manager", "Cronus Administrator", "System Manager"];

frappe.ui.form.on("Cronus Seller", {
	refresh(frm) {
		if (!frm.is_new() && HANDING_OVER.some((role) => frappe.user.has_role(role))) {
			frm.add_custom_button(__("Hand over…"), () => ask_for_successor(frm));
		}
	},
});

function ask_for_successor(frm) {
	const may_write = frm.perm[0]?.write;
	const dialog = new frappe.ui.Dialog({
		title: __("Hand over the work of {0}", [frm.doc.name]),
		fields: [
			{
				fieldname: "to",
				fieldtype: "Link",
				options: "Cronus Seller",
				label: __("Successor"),
				reqd: 1,
				get_query: () => ({ filters: { enabled: 1, name: ["!=", frm.doc.name] } }),
			},
			{
				fieldname: "disable",
				fieldtype: "Check",
				label: __("Disable {0}", [frm.doc.name]),
				default: may_write ? 1 : 0,
				hidden: !may_write,
			},
			{
				fieldname: "shows_issued",
				fieldtype: "Check",
				label: __("The successor sees what {0} has issued and finished", [frm.doc.name]),
				hidden: !may_write,
			},
			{
				fieldtype: "HTML",
				options: frappe.utils.escape_html(
					__(
						"Customers, prospects and opportunities in course, pending activities and drafts go over. What is issued or finished keeps its seller, and so do the figures."
					)
				),
			},
		],
		primary_action_label: __("Hand over"),
		async primary_action(values) {
			const args = { ...values, seller: frm.doc.name };
			show_result(await cronus_crm.call_once(dialog, "cronus_crm.api.masters.hand_over", args));
			frm.reload_doc();
		},
	});
	dialog.show();
}

function show_result({ to, records, queued }) {
	const lines = Object.entries(records).map(
		([doctype, number]) => `${frappe.utils.escape_html(__(doctype))}: ${number}`
	);
	const all = lines.join("<br>") || __("There was nothing to hand over.");
	frappe.msgprint({
		title: queued ? __("Handing over") : __("With {0} now", [frappe.utils.escape_html(to)]),
		message: queued ? `${all}<br><br>${__("You will be told when it is done.")}` : all,
		indicator: "green",
	});
}
