frappe.ui.form.on("Proforma", {
	refresh(frm) {
		const can_invoice = ["Issued", "Partly invoiced", "Expired"].includes(frm.doc.state);
		if (frm.doc.docstatus === 1 && can_invoice && frappe.model.can_create("Invoice")) {
			const label = frm.doc.customer ? __("Make invoice") : __("Convert to customer");
			frm.add_custom_button(label, () => make_invoice(frm)).addClass("btn-primary");
		}
	},

	setup(frm) {
		cronus_crm.commercial_document.setup(frm);
		frm.set_query("prospect", () => ({ filters: { state: ["!=", "Cancelled"] } }));
	},

	prospect(frm) {
		return take_from_prospect(frm);
	},

	customer(frm) {
		cronus_crm.commercial_document.take_from_customer(frm);
	},
});

cronus_crm.commercial_document.on_lines();

// Whom it is for, and who sells, until there is a customer.
async function take_from_prospect(frm) {
	if (!frm.doc.prospect) return;
	const { message: prospect } = await frappe.db.get_value("Cronus Prospect", frm.doc.prospect, [
		"customer",
		"company_name",
		"prospect_name",
		"seller",
	]);
	if (prospect.customer) return frm.set_value("customer", prospect.customer);
	if (frm.doc.customer) return;
	await frm.set_value("customer_name", prospect.company_name || prospect.prospect_name);
	if (prospect.seller) await frm.set_value("seller", prospect.seller);
}

async function make_invoice(frm) {
	if (!frm.doc.customer) {
		return cronus_crm.prospects.convert(frm.doc.prospect, { after: () => frm.reload_doc() });
	}
	const [invoice] = await frappe.xcall(
		"cronus_crm.cronus_billing.doctype.invoice.invoice.make_from_proformas",
		{ proformas: frm.doc.name }
	);
	frappe.set_route("Form", "Invoice", invoice);
}
