// The head of the form of a customer, a prospect or an opportunity: how to reach them and, for a customer, what they owe and
// when they bought last.
frappe.provide("cronus_crm.customer");

const escape = frappe.utils.escape_html;

const mail_link_html = (email) =>
	email ? `<a href="mailto:${encodeURIComponent(email)}">${escape(email)}</a>` : "";

Object.assign(cronus_crm.customer, {
	balance_html({ balance, overdue, currency }) {
		const amount = escape(cronus_crm.amounts.format(balance, currency));
		const reason = __("Part of it is overdue");
		return overdue > 0 ? `<span class="text-danger" title="${reason}">${amount}</span>` : amount;
	},

	last_purchase_html: ({ last_purchase }) => (last_purchase ? frappe.datetime.str_to_user(last_purchase) : ""),
});

const days_ago = (days) =>
	days ? cronus_crm.one_or_many(days, __("1 day ago"), __("{0} days ago", [days])) : __("today");

const item_html = (label, html) =>
	html ? `<div class="cronus-strip-item"><span class="text-muted">${label}</span> <b>${html}</b></div>` : "";

// Shows the strip above the tabs of a form. items: [label, HTML]; empty ones are left out.
function show_strip(frm, items) {
	const wrapper = frm.layout.wrapper[0];
	let strip = wrapper.querySelector(":scope > .cronus-strip");
	if (!strip) {
		strip = document.createElement("div");
		strip.className = "cronus-strip";
		wrapper.prepend(strip);
	}
	strip.innerHTML = items.map(([label, html]) => item_html(label, html)).join("");
	strip.hidden = !strip.innerHTML;
}

cronus_crm.contact_strip = {
	// The main actions of a record on a telephone, where the framework keeps all buttons in a menu. actions: [label, action].
	show_actions(frm, actions) {
		const wrapper = frm.layout.wrapper[0];
		wrapper.querySelector(":scope > .cronus-phone-actions")?.remove();
		if (!frappe.is_mobile() || frm.is_new()) return;
		const bar = document.createElement("div");
		bar.className = "cronus-phone-actions";
		for (const [label, action] of actions) {
			const button = document.createElement("button");
			button.type = "button";
			button.className = "btn btn-sm btn-default";
			button.textContent = label;
			button.addEventListener("click", action);
			bar.append(button);
		}
		wrapper.prepend(bar);
		// It would fill the screen before the first field.
		frm.dashboard?.links_area?.collapse?.(true);
	},

	hide(frm) {
		frm.layout.wrapper[0].querySelector(":scope > .cronus-strip")?.remove();
	},

	async show_customer(frm) {
		const { name, email } = frm.doc;
		const reach = [
			[__("Phone"), cronus_crm.phone_link(frm.doc)],
			[__("E-mail"), mail_link_html(email)],
		];
		show_strip(frm, reach);
		const row = (await frappe.xcall("cronus_crm.api.customers.read_rows", { names: [name] }))[name];
		if (!row || frm.doc.name !== name) return;
		const { balance_html, last_purchase_html } = cronus_crm.customer;
		const recency = row.last_purchase ? ` · ${escape(days_ago(row.recency))}` : "";
		show_strip(frm, [
			[__("Balance"), balance_html(row)],
			...reach,
			[__("Last purchase"), row.last_purchase ? last_purchase_html(row) + recency : __("None yet")],
		]);
	},

	show_prospect(frm) {
		show_strip(frm, [
			[__("Phone"), cronus_crm.phone_link(frm.doc)],
			[__("E-mail"), mail_link_html(frm.doc.email)],
		]);
	},
};
