// What form, list and board of cases have in common: states and their colours, priorities.
frappe.provide("cronus_crm.cases");

const escape = frappe.utils.escape_html;

// By category. Words say the same as the colours.
const COLOURS = {
	New: "cyan",
	Open: "blue",
	"Waiting for them": "gray",
	"Waiting for us": "orange",
	Solved: "green",
	Closed: "gray",
	Cancelled: "gray",
};
const PRIORITIES = { Low: "gray", Medium: "blue", High: "orange", Urgent: "red" };

const pill_html = (text, colour) => `<span class="indicator-pill no-indicator-dot ${colour}">${escape(text)}</span>`;

Object.assign(cronus_crm.cases, {
	OVER: ["Solved", "Closed", "Cancelled"],

	// Promise of the states by name, in their order; read once for each page load.
	load_states() {
		this.states_promise ??= frappe.db
			.get_list("Cronus Case State", {
				fields: ["name", "category", "color", "disabled"],
				order_by: "position asc, name asc",
				limit: 0,
			})
			.then((states) => Object.fromEntries(states.map((state) => [state.name, state])));
		return this.states_promise;
	},

	colour_of: (category) => COLOURS[category] || "gray",

	state_html: ({ state, category }) => pill_html(__(state), COLOURS[category] || "gray"),

	priority_html: (priority) => (priority ? pill_html(__(priority), PRIORITIES[priority]) : ""),

	// Promise of whether the case was moved; an error of the server is shown by the desk.
	move: (name, from_state, to_state) =>
		frappe.xcall("cronus_crm.api.cases.move", { case: name, from_state, to_state }).then(
			() => true,
			() => false
		),
});
