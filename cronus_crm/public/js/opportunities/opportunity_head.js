// The head of the form of an opportunity: a bar of stages, of which a click moves it, and what surrounds it: next activities,
// history, documents and people.
frappe.provide("cronus_crm.opportunities");

const { escape_html: escape } = frappe.utils;
const HEAD = "cronus-head";

Object.assign(cronus_crm.opportunities, {
	// move(stage): called for a click on another stage.
	async show_head(frm, move) {
		const wrapper = frm.layout.wrapper[0];
		wrapper.querySelector(`:scope > .${HEAD}`)?.remove();
		if (frm.is_new()) return;
		const head = document.createElement("div");
		head.className = HEAD;
		head.innerHTML = `<div class="cronus-stages" role="group" aria-label="${__("Stages")}"></div><div class="cronus-around"></div>`;
		wrapper.prepend(head);
		const { name } = frm.doc;
		const [stages, around] = await Promise.all([
			this.load_stages(),
			frappe.xcall("cronus_crm.api.opportunities.read_overview", { opportunity: name }),
		]);
		if (frm.doc.name !== name) return;
		show_stages(head.firstElementChild, frm, stages, move);
		head.lastElementChild.innerHTML = around_html(around);
	},
});

function show_stages(bar, frm, by_name, move) {
	const stages = Object.values(by_name).filter(({ name, disabled }) => !disabled || name === frm.doc.stage);
	const at = stages.findIndex(({ name }) => name === frm.doc.stage);
	stages.forEach(({ name, state }, position) => {
		const button = document.createElement("button");
		button.type = "button";
		const passed = position < at && state !== "Won";
		button.className = `btn btn-sm cronus-stage ${position === at ? `is-here is-${frappe.scrub(state)}` : passed ? "is-passed" : ""}`;
		button.textContent = __(name);
		button.disabled = position === at || !frm.perm[0].write;
		if (position === at) button.setAttribute("aria-current", "step");
		else button.title = __("Move to {0}", [__(name)]);
		button.addEventListener("click", () => move(name));
		bar.append(button);
	});
}

function around_html({ upcoming, past, documents, people }) {
	const parts = [
		[__("Next activity"), upcoming.map(upcoming_html), __("Nothing is planned.")],
		[__("Documents"), documents.map(document_html), __("None yet.")],
		[__("People"), people.map(person_html), __("No contacts yet.")],
		[__("History"), past.map(past_html), __("Nothing has been done yet.")],
	];
	return parts
		.map(
			([title, rows, empty]) => `
			<div class="cronus-part">
				<div class="cronus-part-title">${title}</div>
				${rows.join("") || `<div class="text-muted small">${empty}</div>`}
			</div>`
		)
		.join("");
}

const link_html = (doctype, name, text) => cronus_crm.document_link_html(doctype, name, text);
const day_html = (moment) => escape(frappe.datetime.str_to_user((moment || "").slice(0, 10), false, true));

function upcoming_html({ name, subject, starts_on, all_day }) {
	const when = all_day ? day_html(starts_on) : escape(moment(frappe.datetime.convert_to_user_tz(starts_on)).format(`${frappe.datetime.get_user_date_fmt().toUpperCase()} HH:mm`));
	return `<div>${link_html("Cronus Activity", name, subject)} <span class="text-muted small text-nowrap">${when}</span></div>`;
}

function past_html({ name, subject, done_on, result }) {
	const about = [day_html(done_on), result && escape(__(result, null, "Cronus Activity"))].filter(Boolean).join(" · ");
	return `<div>${link_html("Cronus Activity", name, subject)} <span class="text-muted small">${about}</span></div>`;
}

function document_html({ doctype, name, state, grand_total, currency }) {
	const amount = currency ? ` · ${escape(cronus_crm.amounts.format(grand_total, currency))}` : "";
	const shown = state ? escape(__(state, null, doctype)) : "";
	return `<div>${link_html(doctype, name, name)} <span class="text-muted small">${shown}${amount}</span></div>`;
}

function person_html({ doctype, docname, name, phone, email }) {
	const mail = email ? `<a href="mailto:${encodeURIComponent(email)}">${escape(email)}</a>` : "";
	const reach = [cronus_crm.phone_link({ phone }), mail].filter(Boolean).join(" · ");
	return `<div>${link_html(doctype, docname, name)} <span class="small">${reach}</span></div>`;
}
