// Event handlers that the forms of all commercial documents share: customer, prices, lines.
frappe.provide("cronus_crm.commercial_document");

const request_preview = (frm) => cronus_crm.document_preview.request(frm);

Object.assign(cronus_crm.commercial_document, {
	// Registers the handlers for a DocType. Handlers of a single DocType stand beside it.
	register(doctype) {
		frappe.ui.form.on(doctype, {
			setup: (frm) => this.setup(frm),
			refresh(frm) {
				cronus_crm.quick_lines.prepare_new(frm);
				cronus_crm.quick_lines.watch_enter(frm);
				cronus_crm.issue_requests.refresh(frm);
				return cronus_crm.chain.refresh(frm);
			},
			before_save: (frm) => cronus_crm.quick_lines.drop_empty(frm),
			customer: (frm) => this.take_from_customer(frm),
		});
		this.register_line_events();
	},

	setup(frm) {
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1, user: ["is", "set"] } }));
		frm.set_query("product", "items", () => ({ filters: { disabled: 0, is_sold: 1 } }));
		frm.set_query("tax", "items", () => ({ filters: { disabled: 0 } }));
		frm.set_query("price_list", () => ({ filters: { enabled: 1 } }));
		frm.set_query("opportunity", () => ({ filters: { customer: frm.doc.customer } }));
		if (frm.is_new() && !frm.doc.currency) frm.set_value("currency", frappe.boot.cronus_currency);
		this.register_term_events(frm.doctype);
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
		request_preview(frm);
		cronus_crm.quick_lines.after_customer(frm);
	},

	// Registers the handlers of the fields on which all prices depend. `setup` runs once for each DocType.
	register_term_events(doctype) {
		frappe.ui.form.on(doctype, {
			refresh: (frm) => {
				const products = (frm.doc.items || []).map((row) => [row.name, row.product]);
				frm.products_of_lines = Object.fromEntries(products);
				this.show_amounts_as_printed(frm);
			},
			posting_date(frm) {
				if (frm.doc.exchange_rate === frm.found_rate) frm.doc.exchange_rate = null;
				request_preview(frm);
			},
			currency(frm) {
				frm.doc.exchange_rate = null;
				request_preview(frm);
			},
			exchange_rate: request_preview,
			price_list: (frm) => this.take_from_price_list(frm),
			taxes_included: (frm) => {
				this.show_amounts_as_printed(frm);
				request_preview(frm);
			},
			fixed_discount: (frm) => this.discount_by_amount(frm, frm.doc),
			discount_percent: (frm) => this.discount_by_percentage(frm, frm.doc),
		});
	},

	// Of a discount as an amount and as a percentage, the one that was written last counts.
	discount_by_amount(frm, record) {
		if (!flt(record.fixed_discount)) record.discount_percent = 0;
		request_preview(frm);
	},

	discount_by_percentage(frm, record) {
		record.fixed_discount = 0;
		request_preview(frm);
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
		request_preview(frm);
	},

	// If prices include taxes, the lines show their amounts with taxes. Not while a line has the focus: a redraw would
	// discard what is being typed.
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

	// Clears the values that depend on the product, after a change of it. The framework fires the event twice, on the
	// choice and on blur; by then a price may have been entered, so that the second one is ignored.
	clear_line(frm, row) {
		// A line may be filled before the form is drawn for the first time.
		const products = (frm.products_of_lines ??= {});
		if (products[row.name] === row.product) return;
		products[row.name] = row.product;
		for (const fieldname of frappe.boot.cronus.preview.of_product) row[fieldname] = null;
		request_preview(frm);
		if (row.product) cronus_crm.quick_lines.after_product(frm, row.name);
	},

	// Registers the handlers of the lines once, as all DocTypes share the child table.
	register_line_events() {
		if (this.registered) return;
		this.registered = true;
		frappe.ui.form.on("Cronus Document Item", {
			product: (frm, cdt, cdn) => this.clear_line(frm, locals[cdt][cdn]),
			tax(frm, cdt, cdn) {
				locals[cdt][cdn].tax_rate = null;
				request_preview(frm);
			},
			quantity: request_preview,
			price: request_preview,
			fixed_discount: (frm, cdt, cdn) => this.discount_by_amount(frm, locals[cdt][cdn]),
			discount_percent: (frm, cdt, cdn) => this.discount_by_percentage(frm, locals[cdt][cdn]),
			items_remove: request_preview,
		});
	},
});
