// What the forms of commercial documents share: whom they are for, and what changes the prices of their lines.
frappe.provide("cronus_crm.commercial_document");

const ask = (frm) => cronus_crm.document_preview.ask(frm);

Object.assign(cronus_crm.commercial_document, {
	// What each of their forms does. What only one of them does stands beside its DocType.
	register(doctype) {
		frappe.ui.form.on(doctype, {
			setup: (frm) => this.setup(frm),
			refresh: (frm) => cronus_crm.chain.refresh(frm),
			customer: (frm) => this.take_from_customer(frm),
		});
		this.on_lines();
	},

	setup(frm) {
		cronus_crm.rates.show_as_written(frm);
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1, user: ["is", "set"] } }));
		frm.set_query("product", "items", () => ({ filters: { disabled: 0, is_sold: 1 } }));
		frm.set_query("tax", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("price_list", () => ({ filters: { enabled: 1 } }));
		frm.set_query("opportunity", () => ({ filters: { customer: frm.doc.customer } }));
		if (frm.is_new() && !frm.doc.currency) frm.set_value("currency", frappe.boot.cronus_currency);
		this.on_terms(frm.doctype);
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
		await frm.set_value({ price_list: null, taxes_included: 0 });
		ask(frm);
	},

	// What all prices of a document depend on. A form is set up once.
	on_terms(doctype) {
		frappe.ui.form.on(doctype, {
			refresh: (frm) => {
				const products = (frm.doc.items || []).map((row) => [row.name, row.product]);
				frm.products_of_lines = Object.fromEntries(products);
				this.show_amounts_as_printed(frm);
			},
			posting_date(frm) {
				if (frm.doc.exchange_rate === frm.found_rate) frm.doc.exchange_rate = null;
				ask(frm);
			},
			currency(frm) {
				frm.doc.exchange_rate = null;
				ask(frm);
			},
			exchange_rate: ask,
			price_list: (frm) => this.take_from_price_list(frm),
			taxes_included: (frm) => {
				this.show_amounts_as_printed(frm);
				ask(frm);
			},
			discount_percent: ask,
		});
	},

	async take_from_price_list(frm) {
		if (frm.doc.price_list) {
			const { message: list } = await frappe.db.get_value(
				"Cronus Price List",
				frm.doc.price_list,
				"taxes_included"
			);
			await frm.set_value("taxes_included", list.taxes_included);
		}
		ask(frm);
	},

	// Of prices with taxes the lines show what they come to with taxes. Drawing the lines anew would take the field
	// away from whoever is writing in one.
	show_amounts_as_printed(frm) {
		const { grid } = frm.fields_dict.items;
		const included = cint(frm.doc.taxes_included);
		const is_shown = cint(grid.shows_taxes_included) === included;
		if (is_shown || grid.wrapper[0].contains(document.activeElement)) return;
		grid.shows_taxes_included = included;
		grid.update_docfield_property("net_amount", "in_list_view", included ? 0 : 1);
		grid.update_docfield_property("gross_amount", "in_list_view", included);
		grid.reset_grid();
	},

	// All that a line had is of the product before. The framework tells of a link twice, when it is chosen and when
	// the field is left, and by then somebody may have written a price.
	forget_product(frm, row) {
		if (frm.products_of_lines[row.name] === row.product) return;
		frm.products_of_lines[row.name] = row.product;
		for (const fieldname of frappe.boot.cronus.preview.of_product) row[fieldname] = null;
		ask(frm);
	},

	// The handlers of the lines are registered once, whichever form is opened first.
	on_lines() {
		if (this.registered) return;
		this.registered = true;
		frappe.ui.form.on("Cronus Document Item", {
			product: (frm, cdt, cdn) => this.forget_product(frm, locals[cdt][cdn]),
			tax(frm, cdt, cdn) {
				locals[cdt][cdn].tax_rate = null;
				ask(frm);
			},
			quantity: ask,
			price: ask,
			discount_percent: ask,
			items_remove: ask,
		});
	},
});
