cronus_crm.commercial_document.register("Proforma");

frappe.ui.form.on("Proforma", {
	refresh(frm) {
		if (frm.doc.docstatus === 1 && !frm.doc.customer) {
			const after = () => frm.reload_doc();
			frm.add_custom_button(__("Convert to customer"), () =>
				cronus_crm.prospects.convert(frm.doc.prospect, { after })
			).addClass("btn-primary");
		}
	},

	setup(frm) {
		frm.set_query("prospect", () => ({ filters: { state: ["!=", "Cancelled"] } }));
	},

	prospect(frm) {
		return take_from_prospect(frm);
	},
});

// Fills the customer of the prospect or, without one, its name and its seller.
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
