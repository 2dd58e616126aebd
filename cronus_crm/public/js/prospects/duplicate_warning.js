// Warns of prospects and customers with the same phone, e-mail or tax id before another one is saved.
frappe.provide("cronus_crm.duplicates");

const escape = frappe.utils.escape_html;

Object.assign(cronus_crm.duplicates, {
	// Promise of the prospects and customers that have the phone, e-mail or tax id of a document.
	find({ name, phone, email, tax_id, __islocal }) {
		if (!phone && !email && !tax_id) return Promise.resolve([]);
		const exclude = __islocal ? null : name;
		return frappe.xcall("cronus_crm.api.prospects.find_duplicates", { phone, email, tax_id, exclude });
	},

	// For `validate` of a form: prevents the save and shows the duplicates, if there are any.
	// choices(duplicate): actions for each besides opening it, as [{ label, action }].
	async warn(frm, choices = () => []) {
		if (frm.duplicates_accepted === read_compared_values(frm)) return;
		// The customer that the prospect is linked to is no duplicate.
		const found = (await this.find(frm.doc)).filter(({ name }) => name !== frm.doc.customer);
		if (!found.length) return;
		frappe.validated = false;
		this.show(found, choices, () => {
			this.accept(frm);
			frm.save();
		});
	},

	// For `refresh` of a form: the stored values do not cause a warning.
	remember(frm) {
		frm.duplicates_accepted = frm.is_new() ? null : read_compared_values(frm);
	},

	// The user has seen the duplicates of the present values and saves anyway.
	accept(frm) {
		frm.duplicates_accepted = read_compared_values(frm);
	},

	show(found, choices, save_anyway) {
		const actions = found.map((duplicate) => [
			{ label: __("Open it"), action: () => frappe.set_route("Form", duplicate.doctype, duplicate.name) },
			...choices(duplicate),
		]);
		const dialog = new frappe.ui.Dialog({
			title: __("Perhaps it is already known"),
			fields: [{ fieldname: "found", fieldtype: "HTML", options: found_rows_html(found, actions) }],
			primary_action_label: __("Save anyway"),
			primary_action: () => {
				dialog.hide();
				save_anyway();
			},
		});
		dialog.get_field("found").$wrapper[0].addEventListener("click", ({ target }) => {
			const button = target.closest("[data-action]");
			if (!button) return;
			dialog.hide();
			actions[button.dataset.row][button.dataset.action].action();
		});
		dialog.show();
	},
});

function read_compared_values({ doc }) {
	return JSON.stringify([doc.phone, doc.email, doc.tax_id].map((value) => value || ""));
}

function found_rows_html(found, actions) {
	const rows = found.map((duplicate, row) => {
		const buttons = actions[row].map(
			({ label }, action) =>
				`<button type="button" class="btn btn-xs btn-default mr-2 mt-1" data-row="${row}" data-action="${action}">
					${escape(label)}
				</button>`
		);
		const company = duplicate.company && duplicate.company !== duplicate.title ? ` · ${escape(duplicate.company)}` : "";
		return `<div class="list-group-item">
			<div><span class="text-muted">${__(duplicate.doctype)} ${escape(duplicate.name)}</span></div>
			<div class="bold">${escape(duplicate.title)}${company}</div>
			<div>${format_same_values(duplicate)}</div>
			<div>${buttons.join("")}</div>
		</div>`;
	});
	return `<div class="list-group">${rows.join("")}</div>`;
}

// The values in common as text: "phone, e-mail".
export function list_same_values({ same }) {
	const labels = { phone: __("phone"), email: __("e-mail"), tax_id: __("tax id") };
	return same.map((fieldname) => labels[fieldname]).join(", ");
}

function format_same_values(duplicate) {
	return __("{0} has the same {1}.", [escape(duplicate.title), escape(list_same_values(duplicate))]);
}
