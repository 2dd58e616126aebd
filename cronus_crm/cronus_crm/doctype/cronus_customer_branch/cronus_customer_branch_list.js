frappe.listview_settings["Cronus Customer Branch"] = {
	add_fields: ["customer_name", "disabled", "phone_shown"],
	hide_name_column: true,
	formatters: { phone: (_phone, _field, doc) => cronus_crm.phone_link(doc) },

	get_indicator(doc) {
		if (doc.disabled) return [__("Disabled", null, "Cronus Customer Branch"), "gray", "disabled,=,1"];
		return [__("Active", null, "Cronus Customer Branch"), "green", "disabled,=,0"];
	},
};
