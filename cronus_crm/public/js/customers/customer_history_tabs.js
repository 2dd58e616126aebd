// The tabs *Activity* and *Documents* in the form of a customer.
import { CustomerFiles, can_print, mark_box_html } from "./customer_file_buttons";

frappe.provide("cronus_crm.customer");

// Plural labels of the kinds of customer_history.py.
const label_of_kind = (kind) =>
	({
		Meeting: __("Meetings"),
		Call: __("Calls"),
		Visit: __("Visits"),
		Message: __("Messages"),
		Collection: __("Collections"),
		"Follow-up": __("Follow-ups"),
		Task: __("Tasks"),
		Document: __("Documents"),
		Deal: __("Opportunities"),
		Case: __("Cases"),
		"E-mail": __("E-mails"),
	})[kind] || __(kind);

const escape = frappe.utils.escape_html;

const COLOURS = {
	Meeting: "purple",
	Call: "green",
	Visit: "pink",
	Message: "cyan",
	Collection: "yellow",
	"Follow-up": "blue",
	Task: "gray",
	Document: "orange",
	Deal: "light-blue",
	Case: "orange",
	"E-mail": "gray",
	Draft: "gray",
	"With balance": "blue",
	Overdue: "red",
	Settled: "green",
	Cancelled: "gray",
	Pending: "orange",
};

// Translates a value of the server. Those listed here are messages nowhere else; the extraction finds them here.
const translate = (text, doctype) =>
	({ Deal: __("Opportunity"), Case: __("Case"), "With balance": __("With balance"), Settled: __("Settled") })[text] ||
	__(text, null, doctype);

// A state that documents of several kinds have, as the filter offers it.
const translate_any_state = (state) =>
	({ Overdue: __("Overdue", null, "Document"), Cancelled: __("Cancelled", null, "Document") })[state] || translate(state);

// By kind of document, what a balance and its absence are called. Of an offer, something is left to invoice.
const WORDS_OF_BALANCES = {
	Invoice: () => [__("With balance"), __("Settled")],
	"Credit Note": () => [__("With balance"), __("Settled")],
	Payment: (doctype) => [__("Not allocated yet"), __("Allocated", null, doctype)],
};

function describe_state({ kind, state, doctype }) {
	const [left, none] = WORDS_OF_BALANCES[kind]?.(doctype) || [__("To invoice"), __("Invoiced", null, doctype)];
	return { "With balance": left, Settled: none }[state] || translate(state, doctype);
}

const pill_html = (label, colour) =>
	`<span class="indicator-pill no-indicator-dot whitespace-nowrap ${colour}">${escape(label)}</span>`;

const date_fields = () => [
	{ fieldname: "since", fieldtype: "Date", label: __("From date") },
	{ fieldname: "until", fieldtype: "Date", label: __("Until") },
];

Object.assign(cronus_crm.customer, {
	show_timeline(customer, parent) {
		const list = new cronus_crm.PagedList({
			parent,
			chips: frappe.boot.cronus.history.kinds.map((kind) => ({ value: kind, label: label_of_kind(kind) })),
			fields: date_fields(),
			load: async ({ chips, values, before }) => {
				const { items, next } = await call_server("cronus_crm.api.customers.read_history", {
					customer,
					kinds: chips,
					before,
					...values,
				});
				return { rows: items, next };
			},
			row: timeline_row_html,
			head: `<div class="list-group list-group-flush" data-rows></div>`,
			empty: () =>
				list?.is_narrowed()
					? __("Nothing of that kind in those dates. Choose All to see everything.")
					: __("Nothing has happened with this customer yet. Plan the first activity, or issue a proforma."),
		});
		return list;
	},

	show_documents(customer, parent) {
		parent.innerHTML = `<div class="mb-3" data-files></div><div data-list></div>`;
		const files = new CustomerFiles({
			customer,
			parent: parent.querySelector("[data-files]"),
			list: parent.querySelector("[data-list]"),
			filters: () => list.values(),
		});
		const list = new cronus_crm.PagedList({
			parent: parent.querySelector("[data-list]"),
			fields: [
				select_field("kind", __("Document"), frappe.boot.cronus.history.document_kinds),
				select_field("state", __("State"), frappe.boot.cronus.history.document_states, translate_any_state),
				...date_fields(),
			],
			load: async ({ values, before }) => {
				const method = "cronus_crm.api.documents.list_of_customer";
				const answer = await call_server(method, { customer, before, ...values });
				// A later page is appended: only the first one may hide the buttons.
				if (!before || answer.rows.some(can_print)) files.toggle(answer.rows.some(can_print));
				return answer;
			},
			row: document_row_html,
			head: `
				<div class="table-responsive">
					<table class="table table-sm">
						<thead class="text-muted"><tr>
							<th></th>
							<th>${__("Document")}</th>
							<th>${__("Date")}</th>
							<th>${__("State")}</th>
							<th class="text-right">${__("Total")}</th>
							<th class="text-right">${__("Balance")}</th>
							<th></th>
						</tr></thead>
						<tbody data-rows></tbody>
					</table>
				</div>`,
			empty: () =>
				list?.is_narrowed()
					? __("No document like that. Change the filters to see others.")
					: __("This customer has no documents yet. Make it a proforma."),
		});
		return list;
	},
});

const call_server = (method, { before, kinds, ...args }) =>
	frappe.xcall(method, {
		...args,
		...(kinds?.length ? { kinds: JSON.stringify(kinds) } : {}),
		...(before ? { before: JSON.stringify(before) } : {}),
	});

const select_field = (fieldname, label, options, shown = translate) => ({
	fieldname,
	label,
	fieldtype: "Select",
	options: [{ value: "", label: __("All") }, ...options.map((value) => ({ value, label: shown(value) }))],
});

function timeline_row_html(item) {
	const day = frappe.datetime.str_to_user(item.when.slice(0, 10));
	const dated = ["Document", "Deal"].includes(item.kind);
	const date = dated ? day : `${day} ${item.when.slice(11, 16)}`;
	const details = [item.summary, item.seller].filter(Boolean).map(escape).join(" · ");
	const amount = item.amount ? cronus_crm.amounts.format(item.amount, frappe.boot.cronus_currency) : "";
	return `
		<div class="list-group-item px-0 d-flex flex-wrap align-items-baseline">
			<div class="text-muted small mr-3" style="width: 130px">${escape(date)}</div>
			<div class="mr-3" style="width: 110px">${pill_html(translate(item.kind), COLOURS[item.kind])}</div>
			<div style="flex: 1 1 220px; min-width: 0">
				${cronus_crm.document_link_html(item.doctype, item.name, item.title)}
				<div class="text-muted small">${details}</div>
			</div>
			<div class="text-right ml-3">
				${escape(amount)}
				${item.state ? pill_html(translate(item.state, item.doctype), COLOURS[item.state] || "gray") : ""}
			</div>
		</div>`;
}

function document_row_html(row, { currency }) {
	const print = frappe.urllib.get_full_url(
		`/api/method/frappe.utils.print_format.download_pdf?${new URLSearchParams({
			doctype: row.doctype,
			name: row.name,
		})}`
	);
	const balance_title =
		{
			Invoice: __("Left to pay"),
			"Credit Note": __("Left in the customer's favour"),
			Payment: __("Not allocated yet"),
		}[row.kind] || __("Left to invoice, without tax");
	const printed = can_print(row);
	return `
		<tr>
			<td>${printed ? mark_box_html(row) : ""}</td>
			<td>
				${cronus_crm.document_link_html(row.doctype, row.name, row.number || row.name)}
				<div class="text-muted small">${escape(__(row.kind))}</div>
			</td>
			<td class="text-nowrap">${escape(frappe.datetime.str_to_user(row.posting_date))}</td>
			<td>${pill_html(describe_state(row), COLOURS[row.state])}</td>
			<td class="text-right text-nowrap">${escape(cronus_crm.amounts.format(row.total, currency))}</td>
			<td class="text-right text-nowrap" title="${row.balance ? escape(balance_title) : ""}">
				${row.balance ? escape(cronus_crm.amounts.format(row.balance, currency)) : ""}
			</td>
			<td class="text-right">
				${printed ? `<a href="${escape(print)}" target="_blank" rel="noopener">PDF</a>` : ""}
			</td>
		</tr>`;
}
