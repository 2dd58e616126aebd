// Prospects and customers with the same phone, e-mail or tax id: shown before another one is saved.
frappe.provide("cronus_crm.duplicates");

const escape = frappe.utils.escape_html;

Object.assign(cronus_crm.duplicates, {
	// Prospects and customers in sight with the phone, e-mail or tax id of a document.
	find({ name, phone, email, tax_id, __islocal }) {
		if (!phone && !email && !tax_id) return Promise.resolve([]);
		const exclude = __islocal ? null : name;
		return frappe.xcall("cronus_crm.api.prospects.find_duplicates", { phone, email, tax_id, exclude });
	},

	// For `validate` of a form: stops the save when others are the same, and shows them.
	// choices(one) gives what can be done with each besides opening it: [{ label, action }].
	async warn(frm, choices = () => []) {
		if (frm.duplicates_accepted === what_is_compared(frm)) return;
		// That it continues with a customer is no news.
		const found = (await this.find(frm.doc)).filter(({ name }) => name !== frm.doc.customer);
		if (!found.length) return;
		frappe.validated = false;
		this.show(found, choices, () => {
			this.accept(frm);
			frm.save();
		});
	},

	// For `refresh` of a form: what is saved is not asked about again.
	remember(frm) {
		frm.duplicates_accepted = frm.is_new() ? null : what_is_compared(frm);
	},

	// The user has seen them and goes on.
	accept(frm) {
		frm.duplicates_accepted = what_is_compared(frm);
	},

	show(found, choices, save_anyway) {
		const actions = found.map((one) => [
			{ label: __("Open it"), action: () => frappe.set_route("Form", one.doctype, one.name) },
			...choices(one),
		]);
		const dialog = new frappe.ui.Dialog({
			title: __("Perhaps it is already known"),
			fields: [{ fieldname: "found", fieldtype: "HTML", options: found_rows(found, actions) }],
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

function what_is_compared({ doc }) {
	return JSON.stringify([doc.phone, doc.email, doc.tax_id].map((value) => value || ""));
}

function found_rows(found, actions) {
	const rows = found.map((one, row) => {
		const buttons = actions[row].map(
			({ label }, action) =>
				`<button type="button" class="btn btn-xs btn-default mr-2 mt-1" data-row="${row}" data-action="${action}">
					${escape(label)}
				</button>`
		);
		const company = one.company && one.company !== one.title ? ` · ${escape(one.company)}` : "";
		return `<div class="list-group-item">
			<div><span class="text-muted">${__(one.doctype)} ${escape(one.name)}</span></div>
			<div class="bold">${escape(one.title)}${company}</div>
			<div>${same_as(one)}</div>
			<div>${buttons.join("")}</div>
		</div>`;
	});
	return `<div class="list-group">${rows.join("")}</div>`;
}

export function same_as(one) {
	const labels = { phone: __("phone"), email: __("e-mail"), tax_id: __("tax id") };
	const same = one.same.map((fieldname) => labels[fieldname]).join(", ");
	return __("{0} has the same {1}.", [escape(one.title), escape(same)]);
}
