frappe.listview_settings["Cronus Case"] = {
	add_fields: ["state", "category", "priority", "agent", "account_name", "subject", "opened_on", "merged_into", "customer", "prospect", "contact"],

	filters: [["merged_into", "is", "not set"]],

	row_actions: () => [
		{
			label: __("Plan activity"),
			show: () => frappe.model.can_create("Cronus Activity"),
			action: ({ name, customer, prospect, contact, account_name, subject }) =>
				cronus_crm.activities.open_dialog({
					mode: "planned",
					customer,
					prospect,
					contact,
					customer_name: account_name,
					title: subject,
					reference_doctype: "Cronus Case",
					reference_name: name,
				}),
		},
	],

	get_indicator(doc) {
		if (doc.merged_into) return [__("Merged"), "gray", "merged_into,is,set"];
		return [__(doc.state), cronus_crm.cases.colour_of(doc.category), `state,=,${doc.state}`];
	},

	formatters: {
		priority: (priority) => cronus_crm.cases.priority_html(priority),
		agent: (agent) => (agent ? frappe.utils.escape_html(frappe.user.full_name(agent)) : ""),
	},
};
