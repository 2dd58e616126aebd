cronus_crm.commercial_document.register("Invoice");

frappe.ui.form.on("Invoice", {
	refresh(frm) {
		if (frm.doc.docstatus === 1) add_payment_buttons(frm);
		frm.set_df_property("instalments", "cannot_add_rows", 1);
		frm.set_df_property("instalments", "cannot_delete_rows", 1);
		// The framework shows the buttons of the grid although both actions are disabled.
		frm.get_field("instalments").grid.wrapper.find(".grid-footer").hide();
	},

	setup(frm) {
		frm.set_query("payment_terms", () => ({ filters: { disabled: 0 } }));
	},
});

const PAYMENTS = "cronus_crm.api.payments";

function add_payment_buttons(frm) {
	const { balance, is_return, name } = frm.doc;
	if (balance > 0 && frappe.model.can_create("Cronus Payment")) {
		const label = is_return ? __("Give money back") : __("Payment");
		frm.add_custom_button(label, async () => {
			const payment = await frappe.xcall(`${PAYMENTS}.make`, { invoices: name });
			frappe.set_route("Form", "Cronus Payment", payment);
		}).addClass("btn-primary");
	}
	if (frm.doc.paid_amount > frm.doc.credited_amount && frappe.model.can_read("Cronus Payment")) {
		frm.add_custom_button(__("See its payments"), () => {
			frappe.set_route("List", "Cronus Payment", { "Cronus Payment Allocation.invoice": name });
		});
	}
	if (is_return) return add_credit_buttons(frm);
	if (balance > 0 && frappe.model.can_submit("Invoice")) {
		frm.add_custom_button(__("Use a credit"), () => show_credit_dialog(frm));
	}
	if (balance > 0 && frappe.model.can_submit("Cronus Payment")) {
		frm.add_custom_button(__("Use an advance"), () => show_advance_dialog(frm));
	}
	if (frappe.model.can_create("Invoice")) {
		frm.add_custom_button(__("Credit note"), async () => {
			const note = await frappe.xcall("cronus_crm.api.documents.make_credit_note", { invoice: name });
			frappe.set_route("Form", "Invoice", note);
		});
	}
}

async function show_advance_dialog(frm) {
	const { customer, currency, balance, name } = frm.doc;
	const advances = await frappe.xcall(`${PAYMENTS}.list_advances`, { customer, currency });
	if (!advances.length) return frappe.msgprint(__("This customer has no advance left."));
	const find_unallocated_amount = (payment) => advances.find((advance) => advance.name === payment).unallocated_amount;
	const dialog = new frappe.ui.Dialog({
		title: __("Use an advance"),
		fields: [
			{
				fieldname: "payment",
				fieldtype: "Select",
				label: __("Advance"),
				reqd: 1,
				options: advances.map((advance) => ({
					value: advance.name,
					label: `${advance.name} · ${cronus_crm.amounts.format(advance.unallocated_amount, currency)}`,
				})),
				default: advances[0].name,
				change() {
					dialog.set_value("amount", Math.min(balance, find_unallocated_amount(this.get_value())));
				},
			},
			{
				fieldname: "amount",
				fieldtype: "Float",
				precision: cronus_crm.amounts.precision(currency),
				label: __("Amount"),
				reqd: 1,
				default: Math.min(balance, advances[0].unallocated_amount),
			},
		],
		primary_action_label: __("Allocate"),
		async primary_action({ payment, amount }) {
			await cronus_crm.call_once(dialog, `${PAYMENTS}.allocate`, { payment, invoice: name, amount });
			frm.reload_doc();
		},
	});
	dialog.show();
}

// Of a credit note: its credit is used on an invoice, and a use is taken back.
function add_credit_buttons(frm) {
	if (!frappe.model.can_submit("Invoice")) return;
	if (frm.doc.balance > 0) {
		frm.add_custom_button(__("Use on an invoice"), () => show_use_dialog(frm));
	}
	if ((frm.doc.credit_uses || []).length) {
		frm.add_custom_button(__("Take a use back"), () => show_take_back_dialog(frm));
	}
}

const amount_field = (currency, amount) => ({
	fieldname: "amount",
	fieldtype: "Float",
	precision: cronus_crm.amounts.precision(currency),
	label: __("Amount"),
	reqd: 1,
	default: amount,
});

function ask(frm, title, fields, method, read_arguments) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields,
		primary_action_label: title,
		async primary_action(values) {
			await cronus_crm.call_once(dialog, `${PAYMENTS}.${method}`, read_arguments(values));
			frm.reload_doc();
		},
	});
	dialog.show();
	return dialog;
}

async function show_credit_dialog(frm) {
	const { customer, currency, balance, name } = frm.doc;
	const credits = await frappe.xcall(`${PAYMENTS}.list_credits`, { customer, currency });
	if (!credits.length) return frappe.msgprint(__("This customer has no credit left."));
	const left = (credit_note) => Math.min(balance, credits.find((credit) => credit.name === credit_note).balance);
	const dialog = ask(
		frm,
		__("Use a credit"),
		[
			{
				fieldname: "credit_note",
				fieldtype: "Select",
				label: __("Credit note"),
				reqd: 1,
				options: credits.map((credit) => ({
					value: credit.name,
					label: `${credit.name} · ${cronus_crm.amounts.format(credit.balance, currency)}`,
				})),
				default: credits[0].name,
				change() {
					dialog.set_value("amount", left(this.get_value()));
				},
			},
			amount_field(currency, left(credits[0].name)),
		],
		"use_credit",
		(values) => ({ ...values, invoice: name })
	);
}

function show_use_dialog(frm) {
	const { customer, currency, balance, name } = frm.doc;
	const filters = { customer, currency, docstatus: 1, is_return: 0, balance: [">", 0] };
	const dialog = ask(
		frm,
		__("Use on an invoice"),
		[
			{
				fieldname: "invoice",
				fieldtype: "Link",
				options: "Invoice",
				label: __("Invoice"),
				reqd: 1,
				get_query: () => ({ filters }),
				async change() {
					const invoice = this.get_value();
					if (!invoice) return;
					const { message } = await frappe.db.get_value("Invoice", invoice, "balance");
					dialog.set_value("amount", Math.min(message.balance, balance));
				},
			},
			amount_field(currency, balance),
		],
		"use_credit",
		(values) => ({ ...values, credit_note: name })
	);
}

function show_take_back_dialog(frm) {
	const { currency, credit_uses, name } = frm.doc;
	ask(
		frm,
		__("Take a use back"),
		[
			{
				fieldname: "use",
				fieldtype: "Select",
				label: __("Used on"),
				reqd: 1,
				options: credit_uses.map((row) => ({
					value: row.name,
					label: `${row.invoice} · ${cronus_crm.amounts.format(row.amount, currency)}`,
				})),
			},
		],
		"take_back_credit",
		({ use }) => ({ credit_note: name, use })
	);
}
