// The states of documents are adjectives: in Spanish an invoice is "anulada" and a payment "anulado". The framework
// asks for an option of a Select in the context of its DocType while it can be chosen, but without it where it is
// only read, and in the filters above a list. Here both ask in that context too; what has no translation of its
// own in a context is translated as before.
const { Data } = frappe.form.formatters;
frappe.form.formatters.Select = (value, df) => __(Data(value, df), null, df?.context || df?.parent);

const { set_options } = frappe.ui.form.ControlSelect.prototype;
frappe.ui.form.ControlSelect.prototype.set_options = function (value) {
	const [view, doctype] = frappe.get_route() || [];
	if (this.df.is_filter && view === "List") this.df.context ||= doctype;
	return set_options.call(this, value);
};
