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

// Buttons with an icon alone around a form.
const BUTTONS = {
	".add-assignment-btn": __("Assign To"),
	".add-attachment-btn": __("Attach a file"),
	".add-tags-btn": __("Add a tag"),
	".share-doc-btn": __("Share with somebody"),
	".scroll-to-top": __("To the top"),
};

$(document).on("form-refresh", (_event, frm) => {
	const wrapper = $(frm.wrapper);
	for (const [selector, name] of Object.entries(BUTTONS)) wrapper.find(selector).attr("aria-label", name);
	wrapper.find(".btn-new[data-doctype]").each((_index, button) => {
		button.setAttribute("aria-label", __("New {0}", [__(button.dataset.doctype)]));
	});
	// A list of tabs holds tabs, and these stand in items of a list.
	wrapper.find(".form-tabs > li").attr("role", "presentation");
});

// Boxes that choose rows of a table.
function name_boxes($table) {
	$table.find(".grid-row-check").attr("aria-label", __("Select the row"));
	$table.find(".grid-heading-row .grid-row-check").attr("aria-label", __("Select all rows"));
}

$(document).on("grid-row-render", (_event, row) => name_boxes($(row.wrapper)));

const { make } = frappe.ui.form.ControlTable.prototype;
frappe.ui.form.ControlTable.prototype.make = function () {
	make.call(this);
	// Not `refresh`, which the table has bound already.
	const { grid } = this;
	for (const method of ["make_head", "render_result_rows"]) {
		const draw = grid[method];
		grid[method] = function (...args) {
			draw.apply(this, args);
			if (this.wrapper) name_boxes(this.wrapper);
		};
	}
};

// Filters in the table of a report: in the order of the page, and with a name that its library writes in English.
const { render_datatable } = frappe.views.QueryReport.prototype;
frappe.views.QueryReport.prototype.render_datatable = function () {
	render_datatable.call(this);
	this.$report.find(".dt-filter").each((_index, input) => {
		const name = __("Filter by {0}", [input.dataset.name || __("Row")]);
		$(input).attr({ tabindex: 0, title: name, "aria-label": name });
	});
	this.$report.find(".dt-row-header input[type=checkbox]").attr("aria-label", __("Select all rows"));
};

// Sliders of the hour below a calendar.
const { set_datepicker } = frappe.ui.form.ControlDate.prototype;
frappe.ui.form.ControlDate.prototype.set_datepicker = function () {
	set_datepicker.call(this);
	const { $datepicker } = this.datepicker || {};
	$datepicker?.find("input[name=hours]").attr("aria-label", __("Hours"));
	$datepicker?.find("input[name=minutes]").attr("aria-label", __("Minutes"));
	$datepicker?.find("input[name=seconds]").attr("aria-label", __("Seconds"));
};

// Menus of the text editor.
const MENUS = {
	".ql-header": __("Heading"),
	".ql-size": __("Font Size"),
	".ql-color": __("Text Color"),
	".ql-background": __("Background Color"),
	".ql-align": __("Alignment"),
	".ql-table": __("Table"),
};

const { make_quill_editor } = frappe.ui.form.ControlTextEditor.prototype;
frappe.ui.form.ControlTextEditor.prototype.make_quill_editor = function () {
	make_quill_editor.call(this);
	for (const [menu, name] of Object.entries(MENUS)) {
		this.$wrapper.find(`${menu} .ql-picker-label`).attr("aria-label", name);
	}
};
