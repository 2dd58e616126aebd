// Contacts and addresses in the forms of customers and branches, rendered by the framework's templates.
frappe.provide("cronus_crm.customer");

const METHOD = "cronus_crm.api.customers.get_contacts_and_addresses";

cronus_crm.customer.show_contacts_and_addresses = async function (frm) {
	const { doctype, name } = frm.doc;
	const contacts_and_addresses = await frappe.xcall(METHOD, { doctype, name });
	if (frm.doc.name !== name) return;
	frm.doc.__onload = { ...frm.doc.__onload, ...contacts_and_addresses };
	frappe.contacts.render_address_and_contact(frm);
	for (const [kind, button] of [
		["Contact", ".btn-contact"],
		["Address", ".btn-address"],
	]) {
		if (!frappe.model.can_create(kind)) frm.$wrapper.find(button).addClass("hidden");
	}
};
