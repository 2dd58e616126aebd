// A text with something like a tag, such as <ana@example.com>, is stored with entities, and 15 and 16 put these into the
// inputs of a form. Here inputs of our DocTypes, and links to them, show what was written. What is saved stays the same:
// the server stores it with entities again.
import { is_own, is_own_page } from "./own_names";

const PLAIN = ["Data", "Small Text", "Text"];

const as_written = (stored) => (typeof stored === "string" ? frappe.utils.unescape_html(stored) : stored);

const { format_for_input } = frappe.ui.form.ControlData.prototype;
frappe.ui.form.ControlData.prototype.format_for_input = function (value) {
	const text = format_for_input.call(this, value);
	if (!PLAIN.includes(this.df.fieldtype)) return text;
	const doctype = this.df.parent || this.doctype;
	// A field of a dialog has no DocType.
	return (doctype ? is_own(doctype) : is_own_page()) ? as_written(text) : text;
};

// Where it cannot be changed. 15 and 16 escape it once more.
const { set_disp_area } = frappe.ui.form.ControlInput.prototype;
frappe.ui.form.ControlInput.prototype.set_disp_area = function (value) {
	set_disp_area.call(this, value);
	const stored = this.value || value;
	if (!PLAIN.includes(this.df.fieldtype) || this.df.options || !is_own(this.df.parent)) return;
	if (this.disp_area && typeof stored === "string" && stored.includes("&")) {
		this.disp_area.innerText = as_written(stored);
	}
};

// The title of a link; its value, where it has none, is the name of a document.
const { translate_and_set_input_value } = frappe.ui.form.ControlLink.prototype;
frappe.ui.form.ControlLink.prototype.translate_and_set_input_value = function (title, value) {
	const shown = title !== value && is_own(this.get_options()) ? as_written(title) : title;
	return translate_and_set_input_value.call(this, shown, value);
};
