// Names that screen readers say, and that 15 and 16 leave out.

// A label stands beside its input and does not belong to it; an input in a table or above a list has none.
function name_input({ $input, df }) {
	const label = df.label && strip_html(__(df.label, null, df.parent)).trim();
	if (label && $input) $input.attr("aria-label", label);
}

const { set_input_attributes } = frappe.ui.form.ControlData.prototype;
frappe.ui.form.ControlData.prototype.set_input_attributes = function () {
	set_input_attributes.call(this);
	name_input(this);
};

// Also when a script changes it.
const { set_label } = frappe.ui.form.ControlInput.prototype;
frappe.ui.form.ControlInput.prototype.set_label = function (label) {
	set_label.call(this, label);
	name_input(this);
};

// Buttons of a page with an icon alone. Their `title` becomes a tooltip of Bootstrap and is empty then.
const { add_action_icon } = frappe.ui.Page.prototype;
frappe.ui.Page.prototype.add_action_icon = function (icon, click, css_class, label) {
	const button = add_action_icon.call(this, icon, click, css_class, label);
	const name = button.attr("title") || button.attr("data-original-title");
	return name ? button.attr("aria-label", name) : button;
};

// On a narrow screen the main button of a page shows its icon alone.
const { set_primary_action } = frappe.ui.Page.prototype;
frappe.ui.Page.prototype.set_primary_action = function (label, ...others) {
	const button = set_primary_action.call(this, label, ...others);
	this.btn_primary.attr("aria-label", strip_html(label || "").trim());
	return button;
};
