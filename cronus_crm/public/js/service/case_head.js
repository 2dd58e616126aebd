// The head of the form of a case: a bar of states, of which a click moves it, and what has to be known at a glance: whom it is
// for, who works on it, how the conversation stands, what comes next.
frappe.provide("cronus_crm.cases");

const { escape_html: escape } = frappe.utils;
const HEAD = "cronus-head";

Object.assign(cronus_crm.cases, {
	// move(state): called for a click on another state. actions: { take(), pass_on(), plan() }, each or null.
	async show_head(frm, move, actions) {
		const wrapper = frm.layout.wrapper[0];
		wrapper.querySelector(`:scope > .${HEAD}`)?.remove();
		if (frm.is_new()) return;
		const head = document.createElement("div");
		head.className = HEAD;
		const title = __("States");
		head.innerHTML = `<div class="cronus-stages" role="group" aria-label="${title}"></div><div class="cronus-around"></div>`;
		wrapper.prepend(head);
		const { name } = frm.doc;
		const [states, activities] = await Promise.all([this.load_states(), list_activities(name)]);
		if (frm.doc.name !== name) return;
		show_states(head.firstElementChild, frm, states, move);
		show_around(head.lastElementChild, frm, activities, actions);
	},
});

function list_activities(name) {
	if (!frappe.model.can_read("Cronus Activity")) return [];
	return frappe.db.get_list("Cronus Activity", {
		filters: { reference_doctype: "Cronus Case", reference_name: name, state: "Pending" },
		fields: ["name", "subject", "starts_on", "all_day"],
		order_by: "starts_on asc",
		limit: 3,
	});
}

function show_states(bar, frm, by_name, move) {
	const states = Object.values(by_name).filter(({ name, disabled }) => !disabled || name === frm.doc.state);
	for (const { name, category } of states) {
		const here = name === frm.doc.state;
		const button = document.createElement("button");
		button.type = "button";
		button.className = `btn btn-sm cronus-stage ${here ? `is-here is-${frappe.scrub(category)}` : ""}`;
		button.textContent = __(name);
		button.disabled = here || !frm.perm[0].write;
		if (here) button.setAttribute("aria-current", "step");
		else button.title = __("Move to {0}", [__(name)]);
		button.addEventListener("click", () => move(name));
		bar.append(button);
	}
	// On a telephone the bar is wider than the screen.
	const here = bar.querySelector(".is-here");
	if (here) bar.scrollLeft = here.offsetLeft - bar.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
}

function show_around(around, frm, activities, actions) {
	const parts = [
		[__("Who it is for"), account_rows(frm.doc)],
		[__("Who works on it"), agent_rows(frm.doc), actions.pass_on && [__("Pass on"), actions.pass_on]],
		[__("Conversation"), conversation_rows(frm.doc)],
		[__("Next activity"), activity_rows(activities), actions.plan && [__("Plan"), actions.plan]],
	];
	for (const [title, rows, action] of parts) {
		const part = document.createElement("div");
		part.className = "cronus-part";
		part.innerHTML = `<div class="cronus-part-title">${title}</div>${rows.filter(Boolean).map((row) => `<div>${row}</div>`).join("")}`;
		if (action) part.append(action_button(...action));
		around.append(part);
	}
	if (actions.take) around.children[1].append(action_button(__("Take it"), actions.take));
}

function action_button(label, action) {
	const button = document.createElement("button");
	button.type = "button";
	button.className = "btn btn-xs btn-default mr-2 mt-1";
	button.textContent = label;
	button.addEventListener("click", action);
	return button;
}

const muted = (text) => `<span class="text-muted">${escape(text)}</span>`;

function account_rows({ account_kind, customer, prospect, account_name, contact_name, contact_email, contact_phone }) {
	const [doctype, name] = prospect ? ["Cronus Prospect", prospect] : ["Cronus Customer", customer];
	const account = name && account_kind !== "Department" ? cronus_crm.document_link_html(doctype, name, account_name) : escape(account_name || "");
	const mail = contact_email ? `<a href="mailto:${encodeURIComponent(contact_email)}">${escape(contact_email)}</a>` : "";
	return [
		`${account} ${muted(__(account_kind))}`,
		contact_name && escape(contact_name),
		[cronus_crm.phone_link({ phone: contact_phone }), mail].filter(Boolean).join(" · "),
	];
}

function agent_rows({ agent, team }) {
	return [agent ? escape(frappe.user.full_name(agent)) : muted(__("Nobody yet")), team && muted(team)];
}

const when = (moment) => (moment ? frappe.datetime.comment_when(moment) : "");

function conversation_rows({ last_from_us_on, last_from_them_on, waiting_since, category }) {
	if (!last_from_us_on && !last_from_them_on) return [muted(__("Nobody has answered yet."))];
	const waits = category === "Waiting for them" && waiting_since;
	return [
		last_from_them_on && `${muted(__("Their last message"))} ${when(last_from_them_on)}`,
		last_from_us_on && `${muted(__("Our last answer"))} ${when(last_from_us_on)}`,
		waits && `${muted(__("Waits for them since"))} ${escape(frappe.datetime.str_to_user(waiting_since.slice(0, 10), false, true))}`,
	];
}

function activity_rows(activities) {
	if (!activities.length) return [muted(__("Nothing is planned."))];
	return activities.map(({ name, subject, starts_on }) => {
		const day = frappe.datetime.str_to_user(starts_on.slice(0, 10), false, true);
		return `${cronus_crm.document_link_html("Cronus Activity", name, subject)} ${muted(day)}`;
	});
}
