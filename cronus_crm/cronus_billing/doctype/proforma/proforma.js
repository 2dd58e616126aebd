frappe.ui.form.on("Proforma", {
	refresh(frm) {
		const can_invoice = ["Issued", "Partly invoiced", "Expired"].includes(frm.doc.state);
		if (frm.doc.docstatus === 1 && can_invoice && frappe.model.can_create("Invoice")) {
			frm.add_custom_button(__("Make invoice"), () => make_invoice(frm)).addClass("btn-primary");
		}
	},

	setup(frm) {
		cronus_crm.commercial_document.setup(frm);
	},

	customer(frm) {
		cronus_crm.commercial_document.take_from_customer(frm);
	},
});

cronus_crm.commercial_document.on_lines();

async function make_invoice(frm) {
	const [invoice] = await frappe.xcall(
		"cronus_crm.cronus_billing.doctype.invoice.invoice.make_from_proformas",
		{ proformas: frm.doc.name }
	);
	frappe.set_route("Form", "Invoice", invoice);
}
