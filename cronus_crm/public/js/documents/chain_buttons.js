// Buttons that convert a commercial document to the next one, and links to the documents before and after it. The server
// defines the conversions: cronus_billing/documents/document_chain.py
frappe.provide("cronus_crm.chain");

Object.assign(cronus_crm.chain, {
	// Adds the buttons and the links to the form of a saved document.
	async refresh(frm) {
		if (frm.is_new()) return;
		const { doctype, name } = frm.doc;
		const number = (frm.chain_number = (frm.chain_number || 0) + 1);
		const [{ becomes, around }, activities] = await Promise.all([
			frappe.xcall("cronus_crm.api.documents.read_chain", { doctype, name }),
			frm.doc.docstatus === 1
				? frappe.xcall("cronus_crm.api.activities.list_of_document", { doctype, name })
				: [],
		]);
		// Only the answer to the last refresh is shown: each begins with an empty page.
		if (number !== frm.chain_number || frm.doc.name !== name) return;
		for (const into of becomes) {
			frm.add_custom_button(this.doctype_label(into), () => this.convert_form(frm, into), __("Make"));
		}
		if (becomes.length) frm.page.set_inner_btn_group_as_primary(__("Make"));
		cronus_crm.next_steps.show(frm, becomes, activities);
		this.show_links(frm, around);
	},

	// The label of a DocType, without the prefix that makes its name unique.
	doctype_label(doctype) {
		return __(doctype.replace("Cronus ", ""));
	},

	async convert_form(frm, into) {
		const [draft] = await this.convert(frm.doctype, [frm.doc.name], into);
		frappe.set_route("Form", into, draft);
	},

	convert(source_doctype, names, into) {
		return frappe.xcall("cronus_crm.api.documents.convert", { source_doctype, names, into });
	},

	show_links(frm, around) {
		if (!around.length) return;
		const links = around.map((document) => {
			const text = `${this.doctype_label(document.doctype)} ${document.name} · ${__(document.state, null, document.doctype)}`;
			const route = frappe.utils.get_form_link(document.doctype, document.name);
			return `<a href="${route}">${frappe.utils.escape_html(text)}</a>`;
		});
		frm.dashboard.add_section(`<div class="cronus-chain">${links.join("<br>")}</div>`, __("Chain"));
		frm.dashboard.show();
	},

	// Settings of the list of a DocType that can be invoiced. colours: by state.
	list_settings(doctype, colours) {
		return {
			add_fields: ["state"],
			has_indicator_for_cancelled: true,
			get_indicator: ({ state }) => [__(state, null, doctype), colours[state], `state,=,${state}`],
			onload: (listview) => this.add_list_action(listview, "Invoice", __("Make invoices")),
		};
	},

	// Adds an action to a list: converts the selected documents, to one draft for each customer.
	add_list_action(listview, into, label) {
		if (!frappe.model.can_create(into)) return;
		listview.page.add_actions_menu_item(label, async () => {
			const drafts = await this.convert(listview.doctype, listview.get_checked_items(true), into);
			frappe.set_route("List", into, { name: ["in", drafts] });
		});
	},
});
