frappe.ui.form.on("Cronus Payment", {
	setup(frm) {
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1, user: ["is", "set"] } }));
		frm.set_query("invoice", "allocations", () => ({ filters: filter_open_invoices(frm) }));
		frm.set_query("payment", "allocations", () => ({
			filters: { customer: frm.doc.customer, docstatus: 1, unallocated_amount: [">", 0] },
		}));
	},

	refresh(frm) {
		cronus_crm.chain.refresh(frm);
		const { docstatus, unallocated_amount } = frm.doc;
		if (docstatus === 1 && unallocated_amount > 0 && frappe.model.can_submit("Cronus Payment")) {
			frm.add_custom_button(__("Allocate to an invoice"), () => show_allocation_dialog(frm)).addClass("btn-primary");
		}
		const allocated = frm.doc.kind === "Received" && (frm.doc.allocations || []).length;
		if (docstatus === 1 && allocated && frappe.model.can_submit("Cronus Payment")) {
			frm.add_custom_button(__("Take an allocation back"), () => show_take_back_dialog(frm));
		}
	},

	async customer(frm) {
		if (!frm.doc.customer) return;
		const { message: customer } = await frappe.db.get_value("Cronus Customer", frm.doc.customer, [
			"customer_name",
			"seller",
			"currency",
		]);
		await frm.set_value({
			customer_name: customer.customer_name,
			seller: customer.seller,
			currency: customer.currency || frappe.boot.cronus_currency,
		});
	},
});

frappe.ui.form.on("Cronus Payment Allocation", {
	async invoice(_frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.invoice) return;
		const { message: invoice } = await frappe.db.get_value("Invoice", row.invoice, [
			"posting_date",
			"grand_total",
			"balance",
		]);
		frappe.model.set_value(cdt, cdn, {
			invoice_date: invoice.posting_date,
			total: invoice.grand_total,
			balance: invoice.balance,
			amount: invoice.balance,
		});
	},
});

function filter_open_invoices(frm) {
	const { customer, currency, kind } = frm.doc;
	return {
		customer,
		currency,
		docstatus: 1,
		balance: [">", 0],
		is_return: kind === "Returned" ? 1 : 0,
	};
}

function show_allocation_dialog(frm) {
	const { name, currency, unallocated_amount } = frm.doc;
	const dialog = new frappe.ui.Dialog({
		title: __("Allocate to an invoice"),
		fields: [
			{
				fieldname: "invoice",
				fieldtype: "Link",
				options: "Invoice",
				label: __("Invoice"),
				reqd: 1,
				get_query: () => ({ filters: filter_open_invoices(frm) }),
				async change() {
					const invoice = this.get_value();
					if (!invoice) return;
					const { message } = await frappe.db.get_value("Invoice", invoice, "balance");
					dialog.set_value("amount", Math.min(message.balance, unallocated_amount));
				},
			},
			{
				fieldname: "amount",
				fieldtype: "Float",
				precision: cronus_crm.amounts.precision(currency),
				label: __("Amount"),
				reqd: 1,
			},
		],
		primary_action_label: __("Allocate"),
		async primary_action({ invoice, amount }) {
			await cronus_crm.call_once(dialog, "cronus_crm.api.payments.allocate", { payment: name, invoice, amount });
			frm.reload_doc();
		},
	});
	dialog.show();
}

function show_take_back_dialog(frm) {
	const { name, currency, allocations } = frm.doc;
	const dialog = new frappe.ui.Dialog({
		title: __("Take an allocation back"),
		fields: [
			{
				fieldname: "allocation",
				fieldtype: "Select",
				label: __("Allocated to"),
				reqd: 1,
				options: allocations.map((row) => ({
					value: row.name,
					label: `${row.invoice} · ${cronus_crm.amounts.format(row.amount, currency)}`,
				})),
			},
		],
		primary_action_label: __("Take back"),
		async primary_action({ allocation }) {
			const args = { payment: name, allocation };
			await cronus_crm.call_once(dialog, "cronus_crm.api.payments.take_back_allocation", args);
			frm.reload_doc();
		},
	});
	dialog.show();
}
