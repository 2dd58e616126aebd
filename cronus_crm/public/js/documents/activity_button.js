// The button of commercial documents and payments that records or plans an activity about them. Documents of other apps
// are for customers of theirs.
import { is_own } from "../framework/own_names";

for (const doctype of (frappe.boot.cronus?.sales_documents || []).filter(is_own)) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			if (frm.is_new() || !frappe.model.can_create("Cronus Activity")) return;
			frm.add_custom_button(__("Activity"), () => open_dialog(frm));
		},
	});
}

function open_dialog({ doctype, doc }) {
	const { name, customer, prospect, opportunity, customer_name } = doc;
	const about = { customer, prospect, opportunity, customer_name, title: doc.number || name };
	cronus_crm.activities.open_dialog({ ...about, reference_doctype: doctype, reference_name: name });
}
