// The codes of the programs of the former Cronus system: typed in the search bar, in either case, they open the page
// that has taken the place of the program.
frappe.provide("cronus_crm");

const open_list = (name, view = []) => ({
	label: () => __(name),
	route: ["List", name, ...view],
	allowed: () => frappe.model.can_read(name),
});
const open_page = (name, label) => ({
	label,
	route: [name],
	allowed: () => Boolean((frappe.boot.page_info || {})[name]),
});

// It is offered to all: without a role it opens a page that names the roles.
const dashboard = {
	label: () => (cronus_crm.dashboard.is_open() ? __("Summary") : __("Summary (locked)")),
	route: ["cronus-dashboard"],
	allowed: () => Boolean((frappe.boot.page_info || {})["cronus-dashboard"]),
};

cronus_crm.programs = {
	CRMMTIPACT: open_list("Cronus Activity Type"),
	CRMMCONT: open_list("Contact"),
	CRMOPORMANT: open_list("Cronus Opportunity"),
	CRMVMODTACT: open_list("Cronus Activity"),
	CRMVERGRAF: dashboard,
	CRMDASH: dashboard,
	CRMVERCAL: { ...open_list("Cronus Activity", ["Calendar", "default"]), label: () => __("Agenda") },
	CRMPENDIENTES: open_page("cronus-pending", () => __("Pending activities")),
};

// The programs whose code begins with the text, as options of the search bar; from three letters on, so that they
// do not appear among the results of ordinary words.
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
