frappe.views.calendar["Cronus Activity"] = {
	field_map: {
		start: "starts_on",
		end: "ends_on",
		id: "name",
		title: "subject",
		allDay: "all_day",
		color: "color",
		convertToUserTz: "convert_to_user_tz",
	},
	get_events_method: "cronus_crm.api.agenda.get_events",
	update_event_method: "cronus_crm.api.agenda.move",
	...cronus_crm.agenda,
};
