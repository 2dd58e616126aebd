// Filters above the calendar: type, seller, state. The framework's filter button offers the other fields.
// Returns a promise of the values that were restored from saved filters.
export function add_filters(list_view) {
	const { page, filter_area } = list_view;
	const states = ["Pending", "Done", "Cancelled"].map((value) => ({ value, label: __(value, null, "Cronus Activity") }));
	const fields = [
		{ fieldname: "activity_type", fieldtype: "Link", options: "Cronus Activity Type", label: __("Type") },
		{
			fieldname: "state",
			fieldtype: "Select",
			options: [{ value: "", label: __("Any state") }, ...states],
			label: __("State"),
		},
	];
	if (cronus_crm.sees_others()) {
		fields.splice(1, 0, {
			fieldname: "seller",
			fieldtype: "Link",
			options: "Cronus Seller",
			label: __("Seller"),
		});
	}
	const saved = filter_area.get();
	page.page_form.show();
	const parent = page.page_form.find(".standard-filter-section");
	const restored = [];
	for (const df of fields) {
		const onchange = () => filter_area.debounced_refresh_list_view();
		const field = page.add_field({ ...df, onchange, is_filter: 1 }, parent);
		const before = saved.find(([, fieldname, is]) => fieldname === df.fieldname && is === "=");
		if (!before) continue;
		filter_area.filter_list.get_filter(df.fieldname)?.remove();
		restored.push(field.set_value(before[3]));
	}
	return Promise.all(restored);
}

// The values of the filters, as initial values of a new activity.
export function read_filter_values(list_view) {
	const fields = list_view.page.fields_dict;
	const values = {};
	for (const fieldname of ["activity_type", "seller"]) {
		const value = fields[fieldname]?.get_value();
		if (value) values[fieldname] = value;
	}
	return values;
}
