frappe.listview_settings["Cronus Prospect"] = {
	add_fields: ["state", "light", "prospect_name", "seller", "customer", "phone_shown"],

	short_labels: { color: __("Colour") },

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
		color: colour_bar_html,
		quotation: (name) => document_html("Proforma", name),
		order: (name) => document_html("Cronus Order", name),
		phone: (_phone, _field, doc) => cronus_crm.phone_link(doc),
		owner: user_html,
	},

	row_actions: () => [
		{
			label: __("Add follow-up"),
			show: (doc) => doc.state !== "Converted" && frappe.model.can_write("Cronus Prospect"),
			action: add_follow_up,
		},
		{
			label: __("Add quotation"),
			show: () => frappe.model.can_create("Proforma"),
			action: ({ name }) => cronus_crm.prospects.add_quotation(name),
		},
		{
			label: __("Plan activity"),
			show: () => frappe.model.can_create("Cronus Activity"),
			action: ({ name, prospect_name, customer }) =>
				cronus_crm.activities.open_dialog({ mode: "planned", prospect: name, customer, customer_name: prospect_name }),
		},
	],

	onload(listview) {
		load_user_names().then(() => listview.render_list?.());
		listview.page.add_actions_menu_item(__("Add follow-up"), () =>
			run_on_selected(listview, (name) => add_follow_up(listview.data.find((row) => row.name === name)))
		);
		if (!frappe.model.can_create("Proforma")) return;
		listview.page.add_actions_menu_item(__("Add quotation"), () =>
			run_on_selected(listview, (name) => cronus_crm.prospects.add_quotation(name))
		);
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

// Names of the users who are sellers that the reader sees; those of others are not theirs to read.
let user_names = {};

async function load_user_names() {
	const sellers = await frappe.db.get_list("Cronus Seller", {
		fields: ["user", "seller_name"],
		filters: { user: ["is", "set"] },
		order_by: "lft asc",
		limit: 0,
	});
	user_names = Object.fromEntries(sellers.map(({ user, seller_name }) => [user, seller_name]));
}

function user_html(user) {
	const known = frappe.boot.user_info[user]?.fullname;
	const name = user_names[user] || known || (user || "").split("@")[0];
	return `<span title="${frappe.utils.escape_html(user || "")}">${frappe.utils.escape_html(name)}</span>`;
}

// A client may have sent any text as a colour.
function colour_bar_html(color) {
	const colour = /^#[0-9a-f]{3,8}$/i.test(color || "") ? color : "";
	return colour && `<span class="cronus-colour-bar" style="background: ${colour}"></span>`;
}

const document_html = (doctype, name) => (name ? cronus_crm.document_link_html(doctype, name, name) : "");
