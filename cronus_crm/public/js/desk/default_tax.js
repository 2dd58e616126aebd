// Asks whoever may write the settings, once in a session, which tax products have by default, while nobody has chosen it:
// when a product is made past the page *Getting started*. Without an answer a product needs a tax of its own.
let asked = false;

function is_ours() {
	const [view, name = ""] = frappe.get_route() || [];
	return view === "Form" && name === "Cronus Product";
}

function ask() {
	const is_missing = frappe.boot.cronus && !frappe.boot.cronus_default_tax;
	if (asked || !is_missing || !is_ours() || !frappe.model.can_write("Cronus CRM Settings")) return;
	asked = true;
	const dialog = new frappe.ui.Dialog({
		title: __("Which tax do your products have?"),
		fields: [
			{
				fieldname: "rate",
				fieldtype: "Percent",
				label: __("Rate"),
				reqd: 1,
				default: frappe.boot.cronus_proposed_tax_rate,
				description: __(
					"The rate of most of your products; each can have another. 0 only where you sell without tax. You can change it later in the settings."
				),
			},
		],
		primary_action_label: __("Save"),
		async primary_action({ rate }) {
			const method = "cronus_crm.api.documents.choose_default_tax";
			frappe.boot.cronus_default_tax = await cronus_crm.call_once(dialog, method, { rate });
			if (cur_frm?.doctype === "Cronus Product" && !cur_frm.doc.tax) {
				cur_frm.set_value("tax", frappe.boot.cronus_default_tax);
			}
		},
	});
	dialog.show();
}

$(document).on("page-change", ask);
