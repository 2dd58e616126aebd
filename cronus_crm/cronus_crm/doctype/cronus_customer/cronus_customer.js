// Functions that fill a tab when it is opened for the first time.
const TABS = {
	contacts_tab: show_contacts_tab,
	activity_tab: (frm) => cronus_crm.customer.show_timeline(frm.doc.name, find_element(frm, "timeline_html")),
	documents_tab: show_documents_tab,
	analysis_tab: (frm) => cronus_crm.customer.show_analysis(frm.doc.name, find_element(frm, "analysis_html")),
	reports_tab: (frm) => cronus_crm.customer.show_reports(frm.doc.name, find_element(frm, "reports_html")),
};

frappe.ui.form.on("Cronus Customer", {
	setup(frm) {
		frm.set_query("seller", () => ({ filters: { enabled: 1 } }));
		frm.set_query("parent_customer", () => ({ filters: { name: ["!=", frm.doc.name], disabled: 0 } }));
		frm.set_query("follow_up_type", () => ({ filters: { disabled: 0 } }));
		frm.set_query("criterion", "criteria", () => ({ filters: { disabled: 0 } }));
		frm.set_query("value", "criteria", (_doc, cdt, cdn) => ({
			query: "cronus_crm.api.masters.list_allowed_values",
			params: { criterion: locals[cdt][cdn].criterion || "" },
		}));
	},

	refresh(frm) {
		frm.toggle_reqd("parent_customer", frm.doc.account_type === "Department");
		frm.shown_tabs = new Set();
		show_open_tab(frm);
		if (frm.is_new()) return cronus_crm.contact_strip.hide(frm);
		cronus_crm.contact_strip.show_customer(frm);
		if (frm.doc.merged_into) return lead_to_survivor(frm);
		show_alerts(frm);
		if (frappe.model.can_delete(frm.doctype)) {
			frm.page.add_menu_item(__("Merge with another customer"), () => ask_and_merge(frm));
			frm.page.add_menu_item(__("What was merged into it"), () =>
				frappe.set_route("List", "Cronus Customer Merge", { survivor: frm.doc.name })
			);
		}
		show_phone_actions(frm);
		if (frappe.model.can_create("Cronus Activity") && !frm.doc.disabled) {
			frm.add_custom_button(__("Activity"), () => open_activity(frm));
		}
		add_create_button(frm, "Cronus Opportunity", __("Opportunity"));
		add_create_button(frm, "Proforma", __("Proforma"));
	},

	on_tab_change: show_open_tab,

	account_type(frm) {
		frm.toggle_reqd("parent_customer", frm.doc.account_type === "Department");
	},
});

frappe.ui.form.on("Cronus Customer Criterion", {
	criterion: (_frm, cdt, cdn) => frappe.model.set_value(cdt, cdn, "value", ""),
});

function show_phone_actions(frm) {
	const { name: customer, seller } = frm.doc;
	const actions = [];
	if (frappe.model.can_create("Cronus Activity")) {
		actions.push([__("Activity"), () => open_activity(frm)]);
	}
	if (frappe.model.can_create("Proforma")) {
		actions.push([__("New proforma"), () => frappe.new_doc("Proforma", { customer, seller })]);
	}
	cronus_crm.contact_strip.show_actions(frm, frm.doc.disabled ? [] : actions);
}

function show_open_tab(frm) {
	const tab = frm.get_active_tab()?.df.fieldname;
	if (frm.is_new() || !TABS[tab] || !frm.shown_tabs || frm.shown_tabs.has(tab)) return;
	frm.shown_tabs.add(tab);
	TABS[tab](frm);
}

// Old numbers and bookmarks lead to the customer that stayed.
function lead_to_survivor(frm) {
	const { name, customer_name, merged_into } = frm.doc;
	frappe.show_alert({ message: __("{0} ({1}) was merged into this customer.", [customer_name, name]) });
	frappe.route_flags.replace_route = true;
	frappe.set_route("Form", "Cronus Customer", merged_into);
}

function ask_and_merge(frm) {
	const other = {
		fieldname: "other",
		fieldtype: "Link",
		options: "Cronus Customer",
		label: __("Other customer"),
		reqd: 1,
		get_query: () => ({ filters: { name: ["!=", frm.doc.name], merged_into: ["is", "not set"] } }),
	};
	frappe.prompt(
		[other],
		({ other }) =>
			cronus_crm.customer.open_merge_dialog([frm.doc.name, other], (survivor) => {
				if (survivor === frm.doc.name) frm.reload_doc();
				else frappe.set_route("Form", "Cronus Customer", survivor);
			}),
		__("Merge with another customer"),
		__("Compare")
	);
}

function show_alerts(frm) {
	const alerts = cronus_crm.customer.list_alerts(frm.doc).map(({ label }) => label);
	if (!alerts.length) return;
	const since = frappe.datetime.str_to_user(frm.doc.alerts_since);
	frm.set_intro(__("{0}. With alerts since {1}.", [alerts.join(" · "), since]), "orange");
}

const find_element = (frm, fieldname) => frm.get_field(fieldname).$wrapper[0];

function add_create_button(frm, doctype, label) {
	if (!frappe.model.can_create(doctype) || frm.doc.disabled) return;
	frm.add_custom_button(
		label,
		() => frappe.new_doc(doctype, { customer: frm.doc.name, seller: frm.doc.seller }),
		__("Create")
	);
}

function open_activity(frm) {
	const { name: customer, customer_name } = frm.doc;
	cronus_crm.activities.open_dialog({ customer, customer_name }, { after: () => frm.reload_doc() });
}

async function show_contacts_tab(frm) {
	cronus_crm.customer.show_contacts_and_addresses(frm);
	const branches = await frappe.db.get_list("Cronus Customer Branch", {
		filters: { customer: frm.doc.name },
		fields: ["name", "branch_name", "code", "city", "phone_shown", "disabled"],
		order_by: "disabled asc, branch_name asc",
		limit: 200,
	});
	const wrapper = find_element(frm, "branches_html");
	wrapper.innerHTML = branches.length
		? `<div class="list-group list-group-flush mb-3">${branches.map(branch_row_html).join("")}</div>`
		: `<p class="text-muted small">${__("No branches yet. Add one for each place that is attended.")}</p>`;
	if (!frappe.model.can_create("Cronus Customer Branch")) return;
	const button = document.createElement("button");
	button.type = "button";
	button.className = "btn btn-xs btn-default";
	button.textContent = __("New branch");
	button.addEventListener("click", () => {
		frappe.new_doc("Cronus Customer Branch", { customer: frm.doc.name });
	});
	wrapper.append(button);
}

function branch_row_html({ name, branch_name, code, city, phone_shown, disabled }) {
	const details = [code, city, phone_shown].filter(Boolean).map(frappe.utils.escape_html).join(" · ");
	return `
		<div class="list-group-item px-0">
			${cronus_crm.document_link_html("Cronus Customer Branch", name, branch_name)}
			${disabled ? `<span class="text-muted small">${__("Disabled")}</span>` : ""}
			<div class="text-muted small">${details}</div>
		</div>`;
}

async function show_documents_tab(frm) {
	const wrapper = find_element(frm, "documents_html");
	wrapper.innerHTML = `<div class="documents"></div><div class="files mt-4"></div>`;
	cronus_crm.customer.show_documents(frm.doc.name, wrapper.querySelector(".documents"));
	const files = frm.get_docinfo().attachments || [];
	wrapper.querySelector(".files").innerHTML = `
		<h6>${__("Attached files")}</h6>
		${
			files.map(file_row_html).join("") ||
			`<p class="text-muted small">${__("None. Attach one from the side bar of this page.")}</p>`
		}`;
}

function file_row_html({ file_name, file_url }) {
	const { escape_html } = frappe.utils;
	return `<div><a href="${escape_html(file_url)}" target="_blank" rel="noopener">${escape_html(file_name)}</a></div>`;
}
