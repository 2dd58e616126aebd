// How an activity looks in the calendar: whom it is with first, then what; done and cancelled ones in quiet colours, and
// overdue ones with a red edge and a sign. Signs and words say what colours say, and every text has a contrast of 4.5.
const QUIET = { background: "#eef0f2", text: "#43494f", edge: "#9aa1a9" };
const LATE = { background: "#fdecec", text: "#9b1c1c", edge: "#c53030" };

export function style_event(event) {
	event.looks = find_looks(event);
	event.title = build_title(event);
	event.tooltip = build_tooltip(event);
	const { background, text, edge } = find_colours(event);
	Object.assign(event, { edge, backgroundColor: background, textColor: text, borderColor: edge });
}

// "done", "cancelled", "late" or "pending"
function find_looks({ state, starts_on, ends_on, all_day }) {
	if (state !== "Pending") return state.toLowerCase();
	const end = ends_on || starts_on;
	const is_over = all_day ? end.slice(0, 10) < frappe.datetime.now_date() : end < frappe.datetime.system_datetime();
	return is_over ? "late" : "pending";
}

function find_colours({ looks, backgroundColor, text_color }) {
	if (looks === "late") return LATE;
	if (looks !== "pending") return { ...QUIET, edge: backgroundColor };
	const text = cronus_crm.colors.readable_on(backgroundColor, text_color);
	return { background: backgroundColor, text, edge: backgroundColor };
}

function build_title({ looks, subject, customer_name }) {
	const sign = { done: "✓ ", late: "⚠ " }[looks] || "";
	return sign + [customer_name, shorten_subject(subject, customer_name)].filter(Boolean).join(" · ");
}

// A subject that repeats the customer at its end or its beginning is shown without it.
function shorten_subject(subject, customer_name) {
	if (!customer_name) return subject;
	for (const repeated of [` · ${customer_name}`, `${customer_name} · `]) {
		if (subject.endsWith(repeated) || subject.startsWith(repeated)) return subject.replace(repeated, "");
	}
	return subject === customer_name ? "" : subject;
}

function build_tooltip({ activity_type, subject, customer_name, place, seller, state, looks }) {
	const shown_state = looks === "late" ? "Overdue" : state;
	return [customer_name, activity_type && __(activity_type), subject, place, cronus_crm.sees_others() ? seller : null]
		.concat(__(shown_state, null, "Cronus Activity"))
		.filter(Boolean)
		.join(" · ");
}
