// What the forms of proformas and invoices share. The server adds up again; this only shows it sooner.
frappe.provide("cronus_crm.commercial_document");

Object.assign(cronus_crm.commercial_document, {
	setup(frm) {
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1, user: ["is", "set"] } }));
		frm.set_query("product", "items", () => ({ filters: { disabled: 0, is_sold: 1 } }));
		frm.set_query("opportunity", () => ({ filters: { customer: frm.doc.customer } }));
		if (frm.is_new() && !frm.doc.currency) frm.set_value("currency", frappe.boot.cronus_currency);
	},

	async take_from_customer(frm) {
		if (!frm.doc.customer) return;
		const { message: customer } = await frappe.db.get_value("Cronus Customer", frm.doc.customer, [
			"customer_name",
			"seller",
			"currency",
		]);
		await frm.set_value("customer_name", customer.customer_name);
		if (customer.seller) await frm.set_value("seller", customer.seller);
		await frm.set_value("currency", customer.currency || frappe.boot.cronus_currency);
	},

	// The handlers of the lines are registered once, whichever form is opened first.
	on_lines() {
		if (this.registered) return;
		this.registered = true;
		const show = (frm, cdt, cdn) => this.show_totals(frm, cdt, cdn);
		frappe.ui.form.on("Cronus Document Item", {
			product: (frm, cdt, cdn) => this.take_from_product(frm, cdt, cdn),
			quantity: show,
			price: show,
			discount_percent: show,
			tax_rate: show,
			items_remove: show,
		});
	},

	async take_from_product(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.product) return;
		const { message: product } = await frappe.db.get_value("Cronus Product", row.product, [
			"product_name",
			"unit",
			"price",
			"tax_rate",
		]);
		await frappe.model.set_value(cdt, cdn, {
			description: product.product_name,
			unit: product.unit,
			price: flt(flt(product.price) / (flt(frm.doc.exchange_rate) || 1), 2),
			tax_rate: product.tax_rate,
		});
	},

	show_totals(frm) {
		const tax_bases = {};
		let net_total = 0;
		for (const row of frm.doc.items || []) {
			const gross = flt(row.quantity) * flt(row.price);
			row.net_amount = flt(gross * (1 - flt(row.discount_percent) / 100), 2);
			net_total += row.net_amount;
			tax_bases[flt(row.tax_rate)] = flt(tax_bases[flt(row.tax_rate)]) + row.net_amount;
		}
		const tax_total = Object.entries(tax_bases).reduce(
			(sum, [rate, base]) => sum + flt((base * rate) / 100, 2),
			0
		);
		frm.set_value({
			net_total: flt(net_total, 2),
			tax_total: flt(tax_total, 2),
			grand_total: flt(net_total + tax_total, 2),
		});
		frm.refresh_field("items");
	},
});
