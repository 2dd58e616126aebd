frappe.listview_settings["Cronus Activity"] = {
	add_fields: ["state", "starts_on"],
	filters: [["state", "=", "Pending"]],
	hide_name_column: true,

	get_indicator(doc) {
		if (doc.state === "Done") return [__("Done"), "green", "state,=,Done"];
		if (doc.state === "Cancelled") return [__("Cancelled"), "gray", "state,=,Cancelled"];
		if (doc.starts_on < frappe.datetime.now_datetime()) {
			return [__("Overdue"), "red", "state,=,Pending"];
		}
		return [__("Pending"), "blue", "state,=,Pending"];
	},
};
