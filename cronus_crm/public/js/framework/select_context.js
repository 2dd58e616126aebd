// The states of documents are adjectives: in Spanish an invoice is "anulada" and a payment "anulado". The framework
// translates an option of a Select with its DocType as context only while it can be chosen, not where it is read-only
// and not in the filters above a list. Both are replaced here, with that context; without a translation in the context
// the result is the same as before.
const { Data } = frappe.form.formatters;
frappe.form.formatters.Select = (value, df) => __(Data(value, df), null, df?.context || df?.parent);

const { set_options } = frappe.ui.form.ControlSelect.prototype;
frappe.ui.form.ControlSelect.prototype.set_options = function (value) {
	const [view, doctype] = frappe.get_route() || [];
	if (this.df.is_filter && view === "List") this.df.context ||= doctype;
	return set_options.call(this, value);
};
