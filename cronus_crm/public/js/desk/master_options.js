// Records of small masters as options of a Select in a dialog, with translated labels.
frappe.provide("cronus_crm");

cronus_crm.translated_option = (name) => ({ value: name, label: __(name) });

// The enabled records as options, sorted by label. Not a Link field: in a dialog it returns the translated name until
// the server has validated it.
cronus_crm.load_masters = async function (doctype) {
	const found = await frappe.db.get_list(doctype, {
		filters: { disabled: 0 },
		order_by: "name asc",
		limit: 0,
	});
	return found
		.map(({ name }) => cronus_crm.translated_option(name))
		.sort((a, b) => a.label.localeCompare(b.label, [frappe.boot.lang, "es"]));
};
