// Merging customers that are the same: side by side, choosing field by field. The server does it, and can undo it.
frappe.provide("cronus_crm.customer");

const CHOICES = "cronus_crm.api.merging.list_choices";
const MERGE = "cronus_crm.api.merging.merge_customers";
const UNDO = "cronus_crm.api.merging.undo_merge";

// names: of two or more customers. on_merged: called with the name of the one that stays.
cronus_crm.customer.open_merge_dialog = async function (names, on_merged) {
	if (names.length < 2) {
		frappe.msgprint(__("Choose two or more different customers, and which of them stays."));
		return;
	}
	const [fieldnames, ...customers] = await Promise.all([
		frappe.xcall(CHOICES),
		...names.map((name) => frappe.db.get_doc("Cronus Customer", name)),
	]);
	const shown = fieldnames.filter((field) => customers.some((customer) => customer[field]));
	const dialog = new frappe.ui.Dialog({
		title: __("Merge customers"),
		size: "extra-large",
		fields: [{ fieldtype: "HTML", fieldname: "choices" }],
		primary_action_label: __("Merge"),
		primary_action: async () => {
			const chosen = read_choices(dialog.$wrapper[0], customers);
			await cronus_crm.call_once(dialog, MERGE, chosen);
			frappe.show_alert({ message: __("Merged. It can be undone."), indicator: "green" });
			on_merged(chosen.survivor);
		},
	});
	dialog.fields_dict.choices.$wrapper.html(choices_html(customers, shown));
	dialog.fields_dict.choices.$wrapper.on("change", "[name=survivor]", (event) => {
		const name = event.target.value;
		for (const field of shown) {
			const input = dialog.$wrapper[0].querySelector(`[name="${field}"][value="${CSS.escape(name)}"]`);
			if (input && customers.find((customer) => customer.name === name)[field]) input.checked = true;
		}
	});
	dialog.show();
};

function choices_html(customers, fieldnames) {
	const { escape_html } = frappe.utils;
	const survivor = customers[0].name;
	const heads = customers.map(
		({ name, customer_name }) => `
			<th><label class="mb-0">
				<input type="radio" name="survivor" value="${escape_html(name)}" ${name === survivor ? "checked" : ""}>
				${escape_html(customer_name)} <span class="text-muted">${escape_html(name)}</span>
			</label></th>`
	);
	const rows = fieldnames.map((field) => {
		const kept = customers.find((customer) => customer[field]);
		const differ = new Set(customers.map((customer) => customer[field] || "")).size > 1;
		const cells = customers.map((customer) => {
			const text = field_text(field, customer);
			if (!differ) return `<td class="text-muted">${text}</td>`;
			return `<td><label class="mb-0 font-weight-normal">
				<input type="radio" name="${field}" value="${escape_html(customer.name)}"
					${customer === kept ? "checked" : ""}>
				${text || `<span class="text-muted">${__("empty")}</span>`}
			</label></td>`;
		});
		const label = frappe.meta.get_label("Cronus Customer", field);
		return `<tr><th class="text-muted font-weight-normal">${escape_html(__(label))}</th>${cells.join("")}</tr>`;
	});
	return `
		<p>${__("Choose which customer stays, and for each difference which value. What belongs to the others moves to it: activities, opportunities, documents, files, comments, contacts and branches.")}</p>
		<div style="overflow-x: auto"><table class="table table-sm">
			<thead><tr><th>${__("Stays")}</th>${heads.join("")}</tr></thead>
			<tbody>${rows.join("")}</tbody>
		</table></div>`;
}

function field_text(field, customer) {
	const value = customer[field];
	if (value === null || value === undefined || value === "" || value === 0) return "";
	const df = frappe.meta.get_docfield("Cronus Customer", field);
	const plain = df.fieldtype === "Currency" ? format_currency(value, customer.currency) : __(String(value));
	return frappe.utils.escape_html(plain);
}

function read_choices(root, customers) {
	const checked = [...root.querySelectorAll("input[type=radio]:checked")];
	const survivor = checked.find((input) => input.name === "survivor").value;
	const values = {};
	for (const input of checked) if (input.name !== "survivor") values[input.name] = input.value;
	const merged = customers.map(({ name }) => name).filter((name) => name !== survivor);
	return { survivor, merged, values };
}

// frm: form of a customer, or of a Cronus Customer Merge.
cronus_crm.customer.confirm_undo_merge = function (merge, on_undone) {
	frappe.confirm(
		__("Undo this merge? What it moved goes back, unless somebody has moved it on since."),
		async () => {
			const { moved, left } = await frappe.xcall(UNDO, { merge });
			frappe.show_alert({
				message: __("Moved back: {0}. Left as they are: {1}.", [moved, left]),
				indicator: left ? "orange" : "green",
			});
			on_undone();
		}
	);
};
