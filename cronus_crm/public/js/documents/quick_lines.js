// Lines that are typed one behind the other: the customer leads to the first product, a product to its quantity, and
// Enter in a line to the next one. No line that is left empty hinders the save.
frappe.provide("cronus_crm.quick_lines");

const TABLE = "items";

const find_grid = (frm) => frm.fields_dict[TABLE].grid;
const is_empty = (row) => !row.product && !row.description && !row.price;

Object.assign(cronus_crm.quick_lines, {
	// Of a new document: the customer has been chosen.
	after_customer(frm) {
		if (frm.is_new() && (frm.doc[TABLE] || []).every(is_empty)) this.begin_line(frm);
	},

	// A document that opens with its customer has an empty line too, and no list hangs open over it.
	prepare_new(frm) {
		if (!frm.is_new() || frm.doc.docstatus) return;
		if (!(frm.doc[TABLE] || []).length) {
			frm.add_child(TABLE);
			frm.refresh_field(TABLE);
		}
		if (frm.doc.customer || frm.doc.prospect) frm.focus_on_first_input = () => {};
	},

	// Puts the cursor into the product of the first empty line, which is made where there is none.
	begin_line(frm) {
		let row = (frm.doc[TABLE] || []).find(is_empty);
		if (!row) {
			row = frm.add_child(TABLE);
			frm.refresh_field(TABLE);
		}
		this.focus(frm, row.name, "product");
	},

	// A product has been chosen: its quantity is next, unless the person is somewhere else already.
	after_product(frm, name) {
		const field = find_grid(frm).grid_rows_by_docname[name]?.on_grid_fields_dict?.product;
		const here = [field?.$input?.[0], document.body].includes(document.activeElement);
		if (here) this.focus(frm, name, "quantity");
	},

	focus(frm, name, fieldname) {
		const grid_row = find_grid(frm).grid_rows_by_docname[name];
		// A narrow screen shows the rows as a list: there is nothing to write in.
		if (!grid_row || !find_grid(frm).allow_on_grid_editing()) return;
		grid_row.toggle_editable_row(true);
		const input = grid_row.on_grid_fields_dict[fieldname]?.$input?.[0];
		input?.focus();
		input?.select?.();
	},

	// Enter in a line goes to the next one, as at the end of a line that is written.
	watch_enter(frm) {
		const { wrapper } = find_grid(frm);
		wrapper.off("keydown.cronus").on("keydown.cronus", ".grid-body input", (event) => {
			const { fieldname } = event.target.dataset;
			const has_modifier = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
			// In a link field Enter chooses from its list.
			if (event.key !== "Enter" || has_modifier || ["product", "tax"].includes(fieldname)) return;
			event.preventDefault();
			event.stopPropagation();
			// What was typed is taken over when the field is left.
			event.target.blur();
			this.begin_line(frm);
		});
	},

	drop_empty(frm) {
		const rows = frm.doc[TABLE] || [];
		const written = rows.filter((row) => !is_empty(row));
		if (!written.length || written.length === rows.length) return;
		for (const row of rows.filter(is_empty)) frappe.model.clear_doc(row.doctype, row.name);
		written.forEach((row, index) => (row.idx = index + 1));
		frm.refresh_field(TABLE);
	},
});
