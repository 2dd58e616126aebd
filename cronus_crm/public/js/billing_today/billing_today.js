// What billing has to do today, as HTML: cronus_billing/documents/billing_today.py. Shown on the workspace (a Custom HTML
// Block, in a shadow tree) and on the page `cronus-billing-today`.
import { fill, read, remove_block } from "../desk/workspace_blocks";

frappe.provide("cronus_crm.billing_today");

const PAGE = "cronus-billing-today";
const { escape_html: escape, get_form_link } = frappe.utils;

const STYLE = `
	.cronus-today-head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; margin-bottom: 10px; }
	.cronus-today-head h4 { margin: 0; font-size: 1.1rem; }
	.cronus-today-groups { display: grid; grid-template-columns: repeat(auto-fit, minmax(225px, 1fr)); gap: 12px; }
	.cronus-today-group { border: 1px solid var(--border-color); border-radius: 8px; padding: 10px 12px; min-width: 0; }
	.cronus-today-title { display: flex; justify-content: space-between; gap: 8px; font-weight: 600; }
	.cronus-today-group ul { list-style: none; padding: 0; margin: 8px 0 0; }
	.cronus-today-group li { border-top: 1px solid var(--border-color); }
	.cronus-today-group li a { display: flex; justify-content: space-between; gap: 10px; padding: 6px 0; color: inherit; }
	.cronus-today-who { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
	.cronus-today-note { color: var(--text-muted); font-size: 0.85rem; display: block; white-space: normal; }
	.cronus-today-amount { white-space: nowrap; font-variant-numeric: tabular-nums; }`;

const day = (date) => frappe.datetime.str_to_user(date, false, true);

// label: of the group. note: what stands below the name of a row. list: where all of them are; null without one list.
const GROUPS = {
	asked: {
		label: () => __("Drafts that sellers ask to issue"),
		none: () => __("No seller asks for anything."),
		note: (row) => `${cronus_crm.chain.doctype_label(row.doctype)} ${row.name} · ${row.asked_by_name}`,
		list: () => null,
	},
	orders: {
		label: () => __("Orders to issue"),
		none: () => __("No order waits."),
		note: (row) => `${row.name} · ${day(row.posting_date)}`,
		list: () => ["Cronus Order", { docstatus: 0, issue_asked_on: ["is", "not set"] }],
	},
	overdue: {
		label: () => __("Overdue invoices"),
		none: () => __("No invoice is overdue."),
		note: (row) => __("{0} · since {1}", [row.name, day(row.due_date)]),
		list: () => ["Invoice", { state: ["in", ["Overdue"]] }],
	},
	payments: {
		label: () => __("Payments of today"),
		none: () => __("Nothing was paid today."),
		note: (row) => `${row.name} · ${__(row.state, null, row.doctype)}`,
		list: ({ today }) => ["Cronus Payment", { posting_date: today, docstatus: ["<", 2] }],
	},
};

function row_html(row, group) {
	return `<li><a href="${escape(get_form_link(row.doctype, row.name))}">
		<span class="cronus-today-who">${escape(row.customer_name || row.customer || row.name)}
			<span class="cronus-today-note">${escape(group.note(row))}</span></span>
		<span class="cronus-today-amount">${cronus_crm.amounts.format(row.total, row.currency)}</span></a></li>`;
}

function group_html(key, today) {
	const group = GROUPS[key];
	const { number, amount, rows } = today[key];
	const list = group.list(today);
	const title = `${group.label()} (${number})`;
	const linked = list
		? `<a href="${escape(cronus_crm.report_links.build_list_url(...list))}">${title}</a>`
		: `<span>${title}</span>`;
	const body = rows.length
		? `<ul>${rows.map((row) => row_html(row, group)).join("")}</ul>`
		: `<p class="cronus-today-note mb-0 mt-2">${group.none()}</p>`;
	return `<section class="cronus-today-group" data-group="${key}">
		<div class="cronus-today-title">${linked}
			<span class="cronus-today-amount">${number ? cronus_crm.amounts.format(amount, today.currency) : ""}</span></div>
		${body}</section>`;
}

const groups_html = (today) =>
	`<div class="cronus-today-groups">${Object.keys(GROUPS)
		.map((key) => group_html(key, today))
		.join("")}</div>`;

Object.assign(cronus_crm.billing_today, {
	read: (limit) => read("cronus_crm.api.documents.read_billing_today", { limit }),

	page_html: (today) => `<style>${STYLE}</style>${groups_html(today)}`,

	// Fills the block of the workspace. root: its shadow root.
	async fill_block(root) {
		if (!frappe.user.has_role(["Cronus Billing User", "Cronus Administrator"])) return remove_block(root);
		const today = await cronus_crm.billing_today.read(5);
		fill(
			root,
			`<style>${STYLE}</style><div class="cronus-today-head"><h4>${__("Today in billing")}</h4>
				<a href="${frappe.router.make_url([PAGE])}">${__("Show all")}</a></div>${groups_html(today)}`
		);
	},
});
