frappe.ui.form.on("Cronus Case", {
	setup(frm) {
		let_authors_fill_in(frm);
		frm.set_query("customer", () => ({
			filters: { disabled: 0, ...(frm.doc.account_kind === "Supplier" ? { account_type: "Supplier" } : {}) },
		}));
		frm.set_query("branch", () => ({ filters: { customer: frm.doc.customer } }));
		for (const fieldname of ["state", "case_type", "team", "product"]) {
			frm.set_query(fieldname, () => ({ filters: { disabled: 0 } }));
		}
		frm.set_query("contact", () => contact_query(frm.doc));
		frm.set_query("reference_doctype", () => ({ filters: { name: ["in", list_documents()] } }));
		frm.set_query("reference_name", () => document_query(frm.doc));
	},

	onload(frm) {
		if (frm.is_new()) show_agents(frm);
	},

	refresh(frm) {
		if (frm.doc.merged_into) return lead_to_survivor(frm);
		const writes = frm.perm[0].write;
		show_what_it_is_about(frm);
		cronus_crm.cases.show_head(frm, (state) => move(frm, state), {
			take: writes && !frm.doc.agent && may_take() ? () => take(frm) : null,
			pass_on: writes ? () => cronus_crm.cases.pass_on(frm, () => reload_or_leave(frm)) : null,
			plan: frappe.model.can_create("Cronus Activity") ? () => plan(frm, "planned") : null,
		});
		if (frm.is_new()) return;
		show_agents(frm);
		add_buttons(frm, writes);
	},

	timeline_refresh(frm) {
		cronus_crm.cases.show_conversation(frm);
	},

	// A state of the type and its team, while nobody has chosen others.
	async case_type(frm) {
		if (!frm.doc.case_type) return;
		const { message } = await frappe.db.get_value("Cronus Case Type", frm.doc.case_type, ["priority", "team"]);
		if (message.priority && !frm.doc.priority) frm.set_value("priority", message.priority);
		if (message.team && !frm.doc.team) frm.set_value("team", message.team);
	},

	customer: find_doubles,
	prospect: find_doubles,
	subject: find_doubles,

	contact(frm) {
		for (const fieldname of ["contact_name", "contact_email", "contact_phone"]) frm.set_value(fieldname, null);
	},
});

// Sellers open cases and do not change them. The framework's form is for reading without the right to write, also while a record
// is new; the server asks for the right to create.
function let_authors_fill_in(frm) {
	const fetch_permissions = frm.fetch_permissions.bind(frm);
	frm.fetch_permissions = () => {
		fetch_permissions();
		if (frm.is_new()) frm.perm = frm.perm.map((rights) => ({ ...rights, write: rights.write || rights.create }));
	};
	frm.fetch_permissions();
}

const may_take = () => ["Cronus Service Agent", "Cronus Service Lead", "Cronus Administrator"].some((role) => frappe.user.has_role(role));

function contact_query({ customer, prospect }) {
	const [link_doctype, link_name] = prospect ? ["Cronus Prospect", prospect] : ["Cronus Customer", customer];
	if (!link_name) return {};
	return { filters: [["Dynamic Link", "link_doctype", "=", link_doctype], ["Dynamic Link", "link_name", "=", link_name]] };
}

// The commercial documents that this user may read.
const list_documents = () => frappe.boot.cronus.sales_documents.filter((doctype) => frappe.model.can_read(doctype));

// Those of another app may have no such field.
function document_query({ customer, reference_doctype }) {
	const is_ours = /^(Cronus |Proforma$|Invoice$)/.test(reference_doctype || "");
	return customer && is_ours ? { filters: { customer } } : {};
}

// Agents read neither documents nor opportunities: they see which one it is, and no empty field for it.
function show_what_it_is_about(frm) {
	const { reference_doctype, opportunity } = frm.doc;
	frm.toggle_display(["reference_doctype", "reference_name"], Boolean(reference_doctype || list_documents().length));
	frm.toggle_display("opportunity", Boolean(opportunity || frappe.model.can_read("Cronus Opportunity")));
}

// The field offers whoever can work on cases.
async function show_agents(frm) {
	frm.case_agents ??= (await frappe.xcall("cronus_crm.api.cases.list_agents")).map(({ user }) => user);
	frm.set_query("agent", () => ({ filters: { name: ["in", frm.case_agents] } }));
}

function add_buttons(frm, writes) {
	const reload = () => frm.reload_doc();
	const { cases } = cronus_crm;
	if (writes) {
		frm.add_custom_button(__("Answer them"), () => cases.answer(frm, reload)).addClass("btn-primary");
		frm.add_custom_button(__("What they have said"), () => cases.record_message(frm, reload));
	}
	frm.add_custom_button(__("Internal note"), () => write_note(frm));
	if (frappe.model.can_create("Cronus Activity")) frm.add_custom_button(__("Activity"), () => plan(frm));
	if (!frm.doc.opportunity && (frm.doc.customer || frm.doc.prospect) && (writes || frappe.model.can_create("Cronus Opportunity"))) {
		frm.add_custom_button(__("Make opportunity"), () => make_opportunity(frm), __("More"));
	}
	if (writes) {
		frm.add_custom_button(__("Merge"), () => cases.merge(frm, (survivor) => frappe.set_route("Form", "Cronus Case", survivor)), __("More"));
		frm.add_custom_button(__("Split off"), () => cases.split(frm, (made) => frappe.set_route("Form", "Cronus Case", made)), __("More"));
	}
	const actions = writes ? [[__("Answer them"), () => cases.answer(frm, reload)]] : [];
	cronus_crm.contact_strip.show_actions(frm, [...actions, [__("Internal note"), () => write_note(frm)]]);
}

function write_note(frm) {
	const box = frm.comment_box;
	box?.wrapper?.scrollIntoView?.({ block: "center" });
	box?.$wrapper?.[0]?.scrollIntoView({ block: "center" });
	box?.quill?.focus();
}

async function move(frm, state) {
	if (frm.is_dirty()) await frm.save();
	if (await cronus_crm.cases.move(frm.doc.name, frm.doc.state, state)) await frm.reload_doc();
}

async function take(frm) {
	await frm.set_value("agent", frappe.session.user);
	await frm.save();
}

// Whoever gives a case to another team may not see it any more.
async function reload_or_leave(frm) {
	const seen = await frappe.db.get_list("Cronus Case", { filters: { name: frm.doc.name }, limit: 1 });
	if (seen.length) return frm.reload_doc();
	frappe.show_alert({ message: __("{0} was passed on.", [frm.doc.name]), indicator: "green" });
	frappe.set_route("List", "Cronus Case");
}

function plan(frm, mode = "happened") {
	const { name, customer, prospect, contact, account_name, subject } = frm.doc;
	const about = { customer, prospect, contact, customer_name: account_name, title: subject, mode };
	cronus_crm.activities.open_dialog(
		{ ...about, reference_doctype: "Cronus Case", reference_name: name },
		{ after: () => frm.reload_doc() }
	);
}

async function make_opportunity(frm) {
	const { opportunity } = await frappe.xcall("cronus_crm.api.cases.make_opportunity", { case: frm.doc.name });
	if (frappe.model.can_read("Cronus Opportunity")) return frappe.set_route("Form", "Cronus Opportunity", opportunity);
	frappe.show_alert({ message: __("The seller of the account has the opportunity {0}.", [opportunity]), indicator: "green" });
	await frm.reload_doc();
}

// Old folios and bookmarks lead to the case that stayed.
function lead_to_survivor(frm) {
	const { name, subject, merged_into } = frm.doc;
	frappe.show_alert({ message: __("{0} ({1}) was merged into this case.", [frappe.utils.escape_html(subject), name]) });
	frappe.route_flags.replace_route = true;
	frappe.set_route("Form", "Cronus Case", merged_into);
}

// While a case is written: others of the account that are probably about the same.
async function find_doubles(frm) {
	if (!frm.is_new()) return;
	const { subject, customer, prospect } = frm.doc;
	if (!subject || !(customer || prospect)) return frm.dashboard.clear_headline();
	const found = await frappe.xcall("cronus_crm.api.cases.find_likely_doubles", { subject, customer, prospect });
	if (frm.doc.subject !== subject) return;
	if (!found.length) return frm.dashboard.clear_headline();
	const links = found.map((each) => `${cronus_crm.document_link_html("Cronus Case", each.name, each.subject)} (${__(each.state)})`);
	frm.dashboard.set_headline_alert(`${__("Perhaps there is a case of it already:")} ${links.join(" · ")}`, "orange");
}
