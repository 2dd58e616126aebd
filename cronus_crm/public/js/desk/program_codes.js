// The codes by which users of Cronus have always opened its programs, typed in the search bar in either case.
frappe.provide("cronus_crm");

const doctype = (name, view = []) => ({
	label: () => __(name),
	route: ["List", name, ...view],
	allowed: () => frappe.model.can_read(name),
});
const page = (name, label) => ({
	label,
	route: [name],
	allowed: () => Boolean((frappe.boot.page_info || {})[name]),
});

// Whoever may not open it is told which role does.
const dashboard = {
	label: () => (cronus_crm.dashboard.is_open() ? __("Summary") : __("Summary (locked)")),
	route: ["cronus-dashboard"],
	allowed: () => Boolean((frappe.boot.page_info || {})["cronus-dashboard"]),
};

cronus_crm.programs = {
	CRMMTIPACT: doctype("Cronus Activity Type"),
	CRMMCONT: doctype("Contact"),
	CRMOPORMANT: doctype("Cronus Opportunity"),
	CRMVMODTACT: doctype("Cronus Activity"),
	CRMVERGRAF: dashboard,
	CRMDASH: dashboard,
	CRMVERCAL: { ...doctype("Cronus Activity", ["Calendar", "default"]), label: () => __("Agenda") },
	CRMPENDIENTES: page("cronus-pending", () => __("Pending activities")),
};

// From three letters on, so that a code is offered while it is being typed and ordinary words are left alone.
cronus_crm.find_programs = function (text) {
	const typed = (text || "").trim().toUpperCase();
	if (typed.length < 3) return [];
	return Object.entries(cronus_crm.programs)
		.filter(([code, program]) => code.startsWith(typed) && program.allowed())
		.map(([code, program]) => ({
			label: `${code} · ${program.label()}`,
			value: code,
			index: 1000,
			match: code,
			onclick: () => frappe.set_route(program.route),
		}));
};
