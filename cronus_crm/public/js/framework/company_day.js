// A document bears the day of the company. In the framework's forms, the default "Today", the button *Today* of the
// date picker and the key T mean the day of the user: from Auckland a proforma would bear the day after that of the
// server, and its invoice be refused. For the Date fields of our DocTypes they are replaced here; Frappe 15 and 16.
const is_ours = (df) =>
	df?.fieldtype === "Date" && Boolean(frappe.get_meta(df.parent)?.module?.startsWith("Cronus "));

const { get_default_value } = frappe.model;
frappe.model.get_default_value = function (df, doc, parent_doc) {
	const value = get_default_value.call(this, df, doc, parent_doc);
	if (df.default !== "Today" || value !== frappe.datetime.get_today() || !is_ours(df)) return value;
	df.__default_value = cronus_crm.company_today();
	return df.__default_value;
};

const { get_now_date, set_t_for_today } = frappe.ui.form.ControlDate.prototype;
Object.assign(frappe.ui.form.ControlDate.prototype, {
	get_now_date() {
		if (!is_ours(this.df)) return get_now_date.call(this);
		return frappe.datetime.str_to_obj(cronus_crm.company_today());
	},

	set_t_for_today() {
		if (!is_ours(this.df)) return set_t_for_today.call(this);
		this.$input.on("keydown", ({ key }) => {
			if (key.toLowerCase() !== "t") return true;
			this.set_value(cronus_crm.company_today());
			return false;
		});
	},
});
