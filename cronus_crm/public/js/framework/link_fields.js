// Link fields to records of ours say when nothing was found, and what to do; and nothing about their filters: the
// framework's sentence about them (15 and 16) shows names of fields and operators, in no language.
const control = frappe.ui.form.ControlLink.prototype;
const { merge_duplicates, get_filter_description, input_matches_item } = control;

const is_ours = (field) => {
	const doctype = field.get_options();
	// In a dialog or a filter there is no form, and the DocType may not be loaded yet.
	const modules = [doctype && frappe.get_meta(doctype)?.module, field.frm?.meta.module, doctype];
	return modules.some((name) => (name || "").startsWith("Cronus "));
};

// The framework calls it with what was found, before it adds its own options. In 15 and 16.
control.merge_duplicates = function (results) {
	const found = merge_duplicates.call(this, results || []);
	if (found.length || !is_ours(this)) return found;
	const text = (this.get_label_value() || "").trim();
	const message = text
		? __("Nothing found for “{0}”. Try a part of the name, the telephone, the tax id or the number.", [
				frappe.utils.escape_html(text),
			])
		: __("There is nothing to choose from here yet.");
	return [{ html: `<span class="text-muted">${message}</span>`, value: "", action: () => {} }];
};

control.get_filter_description = function (filters) {
	return is_ours(this) ? "" : get_filter_description.call(this, filters);
};

// In 16, Enter and Tab choose only what has the text in its label: a telephone, or a name without accents, would find a
// record that the keyboard cannot choose. What was found for this very text may be chosen.
if (input_matches_item) {
	control.input_matches_item = function (input, item) {
		if (input_matches_item.call(this, input, item)) return true;
		const found = is_ours(this) && this.$input.cache?.[this.get_options()]?.[this.get_label_value()];
		return Boolean(found && item.value && found.some((one) => one.value === item.value && !one.action));
	};
}
