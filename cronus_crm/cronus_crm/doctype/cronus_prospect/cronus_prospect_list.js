// A column is narrow, and its title says what series it is of: without the letters, year and number fit.
const folio = (name, link = (shown) => shown) => {
	const shown = link(frappe.utils.escape_html((name || "").replace(/^[A-Z]+-/, "")));
	return `<span style="font-size: var(--text-xs)" title="${frappe.utils.escape_html(name || "")}">${shown}</span>`;
};

frappe.listview_settings["Cronus Prospect"] = {
	add_fields: ["state", "light", "color", "text_color", "prospect_name", "company_name"],

	get_indicator(doc) {
		const colours = {
			Open: "blue",
			Quoted: "orange",
			Ordered: "green",
			Converted: "purple",
			Cancelled: "gray",
		};
		return [__(doc.state, null, "Cronus Prospect"), colours[doc.state], `state,=,${doc.state}`];
	},

	formatters: {
		light: (light) => cronus_crm.prospects.light({ light }),
		name: (name) => folio(name),
		quotation: (name) =>
			folio(name, (shown) => `<a href="${frappe.utils.get_form_link("Proforma", name || "")}">${shown}</a>`),
		order: (name) => folio(name),
		phone: (phone) => {
			const shown = frappe.utils.escape_html(phone || "");
			return shown && `<a href="tel:${encodeURIComponent(phone)}">${shown}</a>`;
		},
		owner: (user) => frappe.utils.escape_html(frappe.user.full_name(user)),
	},

	button: {
		show: (doc) => doc.state !== "Converted" && frappe.model.can_write("Cronus Prospect"),
		get_label: () => __("Follow-up"),
		get_description: ({ prospect_name }) =>
			frappe.utils.escape_html(__("Add follow-up of {0}", [prospect_name])),
		action: ({ name }) => add_follow_up(name),
	},

	onload(listview) {
		listview.page.add_actions_menu_item(__("Add follow-up"), () =>
			with_the_chosen(listview, add_follow_up)
		);
		if (!frappe.model.can_create("Proforma")) return;
		listview.page.add_actions_menu_item(__("Add quotation"), () =>
			with_the_chosen(listview, (name) => cronus_crm.prospects.add_quotation(name))
		);
	},

	refresh(listview) {
		for (const doc of listview.data) mark_name(listview, doc);
	},
};

function add_follow_up(name) {
	cronus_crm.prospects.add_follow_up(name, { after: () => cur_list.refresh() });
}

function with_the_chosen(listview, act) {
	const chosen = listview.get_checked_items(true);
	if (chosen.length !== 1) frappe.msgprint(__("Choose one prospect."));
	else act(chosen[0]);
}

// The traffic light before the name, the colour bar under it, and the colour of its letters. The framework writes
// the name as text, so they are put there once it is shown.
function mark_name(listview, doc) {
	const link = listview.$result[0].querySelector(`.list-subject a[data-name="${CSS.escape(doc.name)}"]`);
	if (!link || link.dataset.marked) return;
	link.dataset.marked = 1;
	link.insertAdjacentHTML("beforebegin", cronus_crm.prospects.light(doc));
	link.style.borderBottom = doc.color ? `3px solid ${doc.color}` : "";
	link.style.color = doc.text_color || "";
}
