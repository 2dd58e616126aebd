// What a form says of a record that an ERP has told: which ERP, what it is called there, since when; its fields that the ERP
// decides are read-only. The server refuses their changes in any case; see cronus_exchange/owning.
const escape = frappe.utils.escape_html;

const DOCTYPES = [
	"Contact",
	"Cronus Customer",
	"Cronus Customer Branch",
	"Cronus External Document",
	"Cronus Product",
	"Cronus Product Price",
];

// What stands in tables of a contact, by the name under which an ERP tells it.
const TABLES = { emails: "email_ids", phones: "phone_nos", mobiles: "phone_nos" };

const NOT_IN_STEP = {
	Differs: () => __("Differs from it"),
	Waiting: () => __("A later row waits"),
	Refused: () => __("A later row was refused"),
};

for (const doctype of DOCTYPES) frappe.ui.form.on(doctype, { refresh: show_origin });

function show_origin(frm) {
	frm.layout.wrapper[0].querySelector(":scope > .cronus-origin")?.remove();
	const { cronus_origins: origins = [], cronus_owners: owners = {} } = (!frm.is_new() && frm.doc.__onload) || {};
	mark_owned_fields(frm, owners);
	if (!origins.length) return;
	const strip = document.createElement("div");
	strip.className = "cronus-origin";
	strip.setAttribute("role", "note");
	strip.setAttribute("aria-label", __("Where this record comes from"));
	strip.innerHTML = origins.map(origin_html).join("");
	frm.layout.wrapper[0].prepend(strip);
}

function origin_html({ source, number, url, told_on, state, is_on }) {
	const text = escape(number);
	const link = url
		? `<a href="${escape(url)}" target="_blank" rel="noopener noreferrer">${text} ${frappe.utils.icon("external-link", "xs")}</a>`
		: text;
	const told = told_on ? `<span class="text-muted">${escape(__("Told"))}</span> ${frappe.datetime.comment_when(told_on)}` : "";
	return `
		<div class="cronus-strip-item"><span class="text-muted">${escape(source)}</span> <b>${link}</b></div>
		${told && `<div class="cronus-strip-item">${told}</div>`}
		${is_on ? state_html(source, state) : `<div class="cronus-strip-item text-muted">${escape(__("The source is off"))}</div>`}`;
}

// Administrators get to the list where they decide.
function state_html(source, state) {
	const label = NOT_IN_STEP[state]?.();
	if (!label) return "";
	const query = new URLSearchParams({ source, list: state === "Differs" ? "drift" : state });
	const html = frappe.user.has_role("Cronus Administrator")
		? `<a href="${escape(`${frappe.router.make_url(["cronus-sources"])}?${query}`)}">${escape(label)}</a>`
		: escape(label);
	return `<div class="cronus-strip-item"><span class="indicator-pill orange">${html}</span></div>`;
}

// The fields of this record only: another one in the same form may have others.
function mark_owned_fields(frm, owners) {
	const marked = (frm.cronus_owned ??= {});
	for (const fieldname of marked[frm.docname] || []) mark(frm, fieldname, 0, "");
	const fieldnames = new Map(Object.entries(owners).map(([name, source]) => [TABLES[name] || name, source]));
	marked[frm.docname] = [...fieldnames.keys()].filter((name) => frm.fields_dict[name] && !frm.fields_dict[name].df.read_only);
	for (const name of marked[frm.docname]) mark(frm, name, 1, __("Changed in {0}", [fieldnames.get(name)]));
}

function mark(frm, fieldname, read_only, description) {
	frm.set_df_property(fieldname, "read_only", read_only);
	frm.set_df_property(fieldname, "description", escape(description));
}
