// Masters with few records as the options of a dialog, shown in the user's language.
frappe.provide("cronus_crm");

cronus_crm.option = (name) => ({ value: name, label: __(name) });

// Those in use, in the order of what is shown. A Link in a dialog would give back the translated name for as long
// as the server has not confirmed it.
cronus_crm.masters_in_use = async function (doctype) {
	const found = await frappe.db.get_list(doctype, {
		filters: { disabled: 0 },
		order_by: "name asc",
		limit: 0,
	});
	return found
		.map(({ name }) => cronus_crm.option(name))
		.sort((a, b) => a.label.localeCompare(b.label));
};
