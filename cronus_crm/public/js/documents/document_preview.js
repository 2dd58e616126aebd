// Prices and totals of a draft while it is edited. The server computes them with the code of the save, so that there is
// one definition; one request covers all lines.
frappe.provide("cronus_crm.document_preview");

// In ms. The choice of a customer or a product changes several fields at once.
const DEBOUNCE = 100;

const pick = (from, fieldnames) =>
	Object.fromEntries(fieldnames.map((fieldname) => [fieldname, from[fieldname]]));

Object.assign(cronus_crm.document_preview, {
	// Debounced; only the answer to the last request is shown.
	request(frm) {
		if (frm.doc.docstatus !== 0) return;
		clearTimeout(frm.preview_timer);
		frm.preview_number = (frm.preview_number || 0) + 1;
		frm.preview_timer = setTimeout(() => this.show(frm, frm.preview_number), DEBOUNCE);
	},

	async show(frm, number) {
		const { name } = frm.doc;
		// Only the fields that document_preview.py reads.
		const { head, line } = frappe.boot.cronus.preview;
		const lines = (frm.doc.items || []).map((row) => pick(row, line));
		const preview = await frappe.xcall("cronus_crm.api.documents.preview", {
			document: { ...pick(frm.doc, ["doctype", "name", ...head]), items: lines },
		});
		const is_old = number !== frm.preview_number || frm.doc.name !== name || !frm.is_dirty();
		if (is_old) return;
		if (preview.message) {
			frappe.show_alert({ message: preview.message, indicator: "orange" }, 10);
			return;
		}
		frm.found_rate = preview.head.exchange_rate;
		this.show_head(frm, { ...preview.head, ...preview.totals });
		for (const row of frm.doc.items || []) this.show_line(frm, row, preview.lines[row.name]);
		if (preview.taxes) this.show_taxes(frm, preview.taxes);
	},

	// Not by `set_value`, whose events would send another request.
	show_head(frm, values) {
		for (const [fieldname, value] of Object.entries(values)) {
			if (frm.doc[fieldname] === value || !frm.fields_dict[fieldname]) continue;
			frm.doc[fieldname] = value;
			frm.refresh_field(fieldname);
		}
		frm.layout.refresh_dependency();
		cronus_crm.commercial_document.show_amounts_as_printed(frm);
	},

	show_line(frm, row, values) {
		const grid_row = frm.fields_dict.items.grid.grid_rows_by_docname[row.name];
		for (const [fieldname, value] of Object.entries(values || {})) {
			if (row[fieldname] === value) continue;
			const former = row[fieldname];
			row[fieldname] = value;
			if (grid_row) this.show_cell(grid_row, fieldname, former, value);
		}
	},

	// The framework does not refresh a field that has the focus. It gets the new value here, unless the user has changed
	// it since the request.
	show_cell(grid_row, fieldname, former, value) {
		const field = grid_row.on_grid_fields_dict?.[fieldname];
		const input = field?.$input?.[0];
		if (!input || input !== document.activeElement) return grid_row.refresh_field(fieldname);
		if (flt(field.parse(input.value)) !== flt(former)) return;
		field.set_input(value);
		input.select();
	},

	show_taxes(frm, taxes) {
		frm.clear_table("taxes");
		for (const tax of taxes) frm.add_child("taxes", tax);
		frm.refresh_field("taxes");
	},
});
