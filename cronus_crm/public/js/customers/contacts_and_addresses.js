// Contacts and addresses in the forms of customers and of their branches, as the framework draws them.
frappe.provide("cronus_crm.customer");

const METHOD = "cronus_crm.api.customers.get_contacts_and_addresses";

cronus_crm.customer.show_people = async function (frm) {
	const { doctype, name } = frm.doc;
	const people = await frappe.xcall(METHOD, { doctype, name });
	if (frm.doc.name !== name) return;
	frm.doc.__onload = { ...frm.doc.__onload, ...people };
	frappe.contacts.render_address_and_contact(frm);
	for (const [kind, button] of [
		["Contact", ".btn-contact"],
		["Address", ".btn-address"],
	]) {
		if (!frappe.model.can_create(kind)) frm.$wrapper.find(button).addClass("hidden");
	}
};
