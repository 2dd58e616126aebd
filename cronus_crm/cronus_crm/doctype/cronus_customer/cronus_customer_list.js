const DELETE = "cronus_crm.api.customers.delete";
const EXPORT = "/api/method/cronus_crm.api.customers.export";
const EXPORT_TO_IMPORT = "cronus_crm.api.imports.export";
// More are prepared in the background: see cronus_exchange/exporting/record_files.py.
const MOST_AT_ONCE = 5000;

frappe.listview_settings["Cronus Customer"] = {
	add_fields: ["disabled", "merged_into", "account_type", "seller", "phone_shown", ...frappe.boot.cronus.alerts],
	hide_name_column: true,
	formatters: { phone: (_phone, _field, doc) => cronus_crm.phone_link(doc) },

	figures: {
		columns: [
			{ fieldname: "balance", label: __("Balance"), is_amount: true, format: cronus_crm.customer.balance_html },
			{ fieldname: "last_purchase", label: __("Last purchase"), format: cronus_crm.customer.last_purchase_html },
			{ fieldname: "recency", label: __("Days since"), is_amount: true, format: ({ recency }) => recency ?? "" },
		],
		load: (names) => frappe.xcall("cronus_crm.api.customers.read_rows", { names }),
	},

	row_actions: () =>
		[
			["Cronus Activity", __("Plan activity")],
			["Cronus Opportunity", __("New opportunity")],
			["Proforma", __("New proforma")],
		].map(([doctype, label]) => ({
			label,
			show: (doc) => frappe.model.can_create(doctype) && !cint(doc.disabled),
			action: ({ name, customer_name, seller }) =>
				doctype === "Cronus Activity"
					? cronus_crm.activities.open_dialog({ mode: "planned", customer: name, customer_name })
					: frappe.new_doc(doctype, { customer: name, seller }),
		})),

	get_indicator(doc) {
		if (doc.merged_into) return [__("Merged"), "gray", "merged_into,is,set"];
		if (doc.disabled) return [__("Disabled"), "gray", "disabled,=,1"];
		const alerts = cronus_crm.customer.list_alerts(doc);
		if (alerts.length) {
			// The column has room for one label only.
			const shown = alerts.length > 1 ? __("{0} alerts", [alerts.length]) : alerts[0].label;
			return [shown, "orange", "alerts_since,is,set"];
		}
		return [__("Active"), "green", "disabled,=,0"];
	},

	onload(listview) {
		replace_delete_action(listview);
		add_merge(listview);
		if (frappe.model.can_export(listview.doctype)) add_exports(listview);
	},
};

function add_exports(listview) {
	const selected = () => ({ names: listview.get_checked_items(true) });
	const filtered = () => ({ filters: listview.get_filters_for_args() });
	for (const [label, complete] of [
		[__("Export basic"), 0],
		[__("Export complete"), 1],
	]) {
		listview.page.add_actions_menu_item(label, () => open_url_post(EXPORT, { complete, ...selected() }));
		listview.page.add_menu_item(label, () => open_url_post(EXPORT, { complete, ...filtered() }));
	}
	listview.page.add_actions_menu_item(__("Export to import again"), () => export_to_import(selected()));
	listview.page.add_menu_item(__("Export to import again"), () => export_to_import(filtered()));
}

function export_to_import(chosen) {
	const fields = [
		{ fieldname: "file_format", fieldtype: "Select", label: __("File"), options: "Excel\nCSV", default: "Excel", reqd: 1 },
		{ fieldname: "complete", fieldtype: "Check", label: __("With branches, contacts and addresses"), default: 1 },
	];
	frappe.prompt(fields, (values) => send_export({ target: "Customers", ...values, ...chosen }), __("Export to import again"));
}

async function send_export(args) {
	const number = args.names ? args.names.length : await frappe.db.count("Cronus Customer", { filters: args.filters });
	if (number <= MOST_AT_ONCE) return open_url_post(`/api/method/${EXPORT_TO_IMPORT}`, args);
	const { queued } = (await frappe.xcall(EXPORT_TO_IMPORT, args)) || {};
	if (queued) frappe.show_alert(__("{0} customers are prepared. A notice brings the file.", [queued]));
}

function add_merge(listview) {
	if (!frappe.model.can_delete(listview.doctype)) return;
	listview.page.add_actions_menu_item(__("Merge"), () =>
		cronus_crm.customer.open_merge_dialog(listview.get_checked_items(true), () => {
			listview.clear_checked_items();
			listview.refresh();
		})
	);
}

// Replaces the framework's action *Delete*, which stops at the first record that it cannot delete. For a label that is
// there already, add_actions_menu_item returns the existing item, or its text.
function replace_delete_action(listview) {
	if (!frappe.model.can_delete(listview.doctype)) return;
	listview.page
		.add_actions_menu_item(__("Delete", null, "Button in list view actions menu"), () => {})
		.closest("a")
		.off("click")
		.on("click", () => confirm_and_delete(listview));
}

function confirm_and_delete(listview) {
	const names = listview.get_checked_items(true);
	const one = __("Delete the customer with its branches? Contacts and addresses stay, without customer.");
	const many = __("Delete {0} customers with their branches? Contacts and addresses stay, without customer.", [
		names.length,
	]);
	frappe.confirm(
		cronus_crm.one_or_many(names.length, one, many),
		async () => {
			const rows = await frappe.xcall(DELETE, { names });
			listview.clear_checked_items();
			listview.refresh();
			show_outcome(rows);
		}
	);
}

function show_outcome(rows) {
	const kept = rows.filter((row) => !row.deleted);
	const deleted = rows.length - kept.length;
	if (!kept.length) {
		frappe.show_alert({ message: cronus_crm.one_or_many(deleted, __("1 customer deleted"), __("{0} customers deleted", [deleted])), indicator: "green" });
		return;
	}
	const { escape_html } = frappe.utils;
	const reasons = kept.map(
		(row) => `<tr><td>${escape_html(row.customer_name)}</td><td>${escape_html(row.reason)}</td></tr>`
	);
	frappe.msgprint({
		title: __("Deleted: {0}. Not deleted: {1}", [deleted, kept.length]),
		indicator: "orange",
		message: `
			<p>${__("What has records stays. Delete those first, or mark the customer as disabled.")}</p>
			<table class="table table-sm">
				<thead><tr><th>${__("Customer")}</th><th>${__("Why it stays")}</th></tr></thead>
				<tbody>${reasons.join("")}</tbody>
			</table>`,
		wide: true,
	});
}
