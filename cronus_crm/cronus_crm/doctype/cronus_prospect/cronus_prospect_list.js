// HTML of a document name without the letters of its series, so that year and number fit in the narrow column.
const short_name_html = (name, link = (shown) => shown) => {
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
		light: (light) => cronus_crm.prospects.light_html({ light }),
		name: (name) => short_name_html(name),
		quotation: (name) =>
			short_name_html(name, (shown) => `<a href="${frappe.utils.get_form_link("Proforma", name || "")}">${shown}</a>`),
		order: (name) => short_name_html(name),
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
		action: add_follow_up,
	},

	onload(listview) {
		listview.page.add_actions_menu_item(__("Add follow-up"), () =>
			run_on_selected(listview, (name) => add_follow_up(listview.data.find((row) => row.name === name)))
		);
		if (!frappe.model.can_create("Proforma")) return;
		listview.page.add_actions_menu_item(__("Add quotation"), () =>
			run_on_selected(listview, (name) => cronus_crm.prospects.add_quotation(name))
		);
	},

	refresh(listview) {
		for (const doc of listview.data) mark_name(listview, doc);
	},
};

function add_follow_up(prospect) {
	cronus_crm.prospects.add_follow_up(prospect, { after: () => cur_list.refresh() });
}

function run_on_selected(listview, action) {
	const selected = listview.get_checked_items(true);
	if (selected.length !== 1) frappe.msgprint(__("Choose one prospect."));
	else action(selected[0]);
}

// Adds the traffic light, the colour bar and the text colour to a rendered name; formatters cannot, as the framework
// escapes the name.
function mark_name(listview, doc) {
	const link = listview.$result[0].querySelector(`.list-subject a[data-name="${CSS.escape(doc.name)}"]`);
	if (!link || link.dataset.marked) return;
	link.dataset.marked = 1;
	link.insertAdjacentHTML("beforebegin", cronus_crm.prospects.light_html(doc));
	link.style.borderBottom = doc.color ? `3px solid ${doc.color}` : "";
	link.style.color = doc.text_color || "";
}
