// From one commercial document to the next, and what stands before and after it. What may become what is the
// server's to say: cronus_billing/documents/document_chain.py
frappe.provide("cronus_crm.chain");

Object.assign(cronus_crm.chain, {
	// Buttons for what an issued document may become, and the documents around it.
	async refresh(frm) {
		if (frm.is_new()) return;
		const { becomes, around } = await frappe.xcall("cronus_crm.api.documents.read_chain", {
			doctype: frm.doctype,
			name: frm.doc.name,
		});
		for (const into of becomes) {
			frm.add_custom_button(this.title(into), () => this.go_on(frm, into), __("Make"));
		}
		if (becomes.length) frm.page.set_inner_btn_group_as_primary(__("Make"));
		this.show(frm, around);
	},

	// What people call a DocType: its prefix only keeps it apart from those of other apps.
	title(doctype) {
		return __(doctype.replace("Cronus ", ""));
	},

	async go_on(frm, into) {
		const [draft] = await this.convert(frm.doctype, [frm.doc.name], into);
		frappe.set_route("Form", into, draft);
	},

	convert(source_doctype, names, into) {
		return frappe.xcall("cronus_crm.api.documents.convert", { source_doctype, names, into });
	},

	show(frm, around) {
		if (!around.length) return;
		const links = around.map((document) => {
			const text = `${this.title(document.doctype)} ${document.name} · ${__(document.state, null, document.doctype)}`;
			const route = frappe.utils.get_form_link(document.doctype, document.name);
			return `<a href="${route}">${frappe.utils.escape_html(text)}</a>`;
		});
		frm.dashboard.add_section(`<div class="cronus-chain">${links.join("<br>")}</div>`, __("Chain"));
		frm.dashboard.show();
	},

	// A list of documents that are invoiced. colours: by state.
	list_settings(doctype, colours) {
		return {
			add_fields: ["state"],
			has_indicator_for_cancelled: true,
			get_indicator: ({ state }) => [__(state, null, doctype), colours[state], `state,=,${state}`],
			onload: (listview) => this.on_list(listview, "Invoice", __("Make invoices")),
		};
	},

	// A list's menu: one draft for all selected documents of the same customer.
	on_list(listview, into, label) {
		if (!frappe.model.can_create(into)) return;
		listview.page.add_actions_menu_item(label, async () => {
			const drafts = await this.convert(listview.doctype, listview.get_checked_items(true), into);
			frappe.set_route("List", into, { name: ["in", drafts] });
		});
	},
});
