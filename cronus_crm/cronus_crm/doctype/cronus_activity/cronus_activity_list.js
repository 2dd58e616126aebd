frappe.listview_settings["Cronus Activity"] = {
	add_fields: ["state", "starts_on", "ends_on"],
	hide_name_column: true,

	onload(listview) {
		listview.page.add_action_item(__("Mark as done"), () => finish_selected(listview));
		listview.page.add_action_item(__("Postpone"), () => postpone_selected(listview));
		show_pending_first(listview);
	},

	get_indicator(doc) {
		if (doc.state === "Done") return [__("Done", null, "Cronus Activity"), "green", "state,=,Done"];
		if (doc.state === "Cancelled") return [__("Cancelled", null, "Cronus Activity"), "gray", "state,=,Cancelled"];
		if ((doc.ends_on || doc.starts_on) < frappe.datetime.system_datetime()) {
			return [__("Overdue", null, "Cronus Activity"), "red", "state,=,Pending"];
		}
		return [__("Pending", null, "Cronus Activity"), "blue", "state,=,Pending"];
	},
};

// Filters a list without saved filters by the state *Pending*. Not by `filters` of these settings: they would apply to
// the calendar too, which also shows finished activities.
function show_pending_first(listview) {
	const filtered = listview.filter_area.get().length || Object.keys(frappe.route_options || {}).length;
	const saved = frappe.get_user_settings("Cronus Activity", "List").filters;
	if (listview.view_name === "List" && !filtered && !saved) {
		listview.filter_area.add([["Cronus Activity", "state", "=", "Pending"]]);
	}
}

function finish_selected(listview) {
	const names = list_selected_pending(listview);
	if (!names.length) return;
	const many = __("Mark {0} activities as done?", [names.length]);
	frappe.confirm(cronus_crm.one_or_many(names.length, __("Mark 1 activity as done?"), many), () =>
		cronus_crm.activities.finish_all(names).then(() => refresh(listview))
	);
}

function postpone_selected(listview) {
	const names = list_selected_pending(listview);
	if (!names.length) return;
	cronus_crm.activities.postpone_all(names, { after: () => refresh(listview) });
}

function list_selected_pending(listview) {
	const names = listview
		.get_checked_items()
		.filter(({ state }) => state === "Pending")
		.map(({ name }) => name);
	if (!names.length) frappe.msgprint(__("None of the chosen activities is pending."));
	return names;
}

function refresh(listview) {
	listview.clear_checked_items();
	listview.refresh();
}
