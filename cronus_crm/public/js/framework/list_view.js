// Lists of our DocTypes: columns as wide as what they show, the folio first, columns of the user's choice, figures that are
// no fields, and the actions of a row behind one icon. Frappe 15 gives all columns the same width and shows ten at most; 16
// guesses widths from the number of letters; neither lets a user choose columns, and neither has a hook for the columns.
// Lists of other DocTypes behave as before.
import { ask_columns, build_columns, chosen_names, find_figure, shows_folio } from "../lists/list_columns";
import { SHARED_LISTS } from "../lists/contact_list";
import { list_title } from "../lists/list_titles";
import { listen_to_menus, menu_button_html, row_actions_of } from "../lists/row_menu";

const list = frappe.views.ListView.prototype;
const framework = Object.fromEntries(
	[
		"setup_defaults",
		"setup_view",
		"show_or_hide_sidebar",
		"toggle_side_bar",
		"set_fields",
		"setup_columns",
		"render_header",
		"render_list",
		"get_args",
		"get_column_html",
		"get_list_row_html",
		"get_meta_html",
		"get_menu_items",
	].map((name) => [name, list[name]])
);
const { escape_html } = frappe.utils;

const is_ours = (view) =>
	view.view_name === "List" && (view.meta?.module?.startsWith("Cronus ") || view.doctype in SHARED_LISTS);

list.setup_defaults = function () {
	const made = framework.setup_defaults.call(this);
	if (!is_ours(this)) return made;
	this.page_title = list_title(this.doctype);
	// Not in place: the settings are those of the framework.
	this.settings = { ...this.settings, ...SHARED_LISTS[this.doctype] };
	return made;
};

// 15 has a side bar with groups and saved filters. Our lists need its room: it is shown to whoever has opened it.
const knows_sidebar = () => localStorage.show_sidebar !== undefined;

list.show_or_hide_sidebar = function () {
	if (is_ours(this) && !knows_sidebar()) $(document.body).addClass("no-list-sidebar");
	else framework.show_or_hide_sidebar?.call(this);
};

list.toggle_side_bar = function (show) {
	if (is_ours(this) && !knows_sidebar()) localStorage.show_sidebar = "false";
	return framework.toggle_side_bar?.call(this, show);
};

list.setup_view = function () {
	this.parent.classList?.toggle("cronus-list", is_ours(this));
	if (is_ours(this)) this.$result.addClass("cronus-rows");
	framework.setup_view.call(this);
	if (!is_ours(this)) return;
	listen_to_menus(this);
	add_filter_button(this);
	// On a telephone it shows its icon alone.
	if (frappe.is_mobile()) this.page.wrapper.find(".filter-button").attr("aria-label", __("Filters"));
};

// On a telephone the fields of the filters would fill the screen: lists.scss hides them until they are asked for. 16 does so
// itself, with a button that has no name.
function add_filter_button(view) {
	const form = view.page.page_form;
	if (view.filter_area?.toggle_standard_filter) {
		view.parent.classList.add("cronus-filters-shown");
		const label = __("Search by field");
		form.find(".filter-toggle").attr({ "aria-label": label, title: label });
		return;
	}
	const button = document.createElement("button");
	button.type = "button";
	button.className = "btn btn-default btn-sm cronus-show-filters";
	button.textContent = __("Search by field");
	button.setAttribute("aria-expanded", "false");
	button.addEventListener("click", () => {
		const shown = view.parent.classList.toggle("cronus-filters-shown");
		button.setAttribute("aria-expanded", String(shown));
	});
	form[0].prepend(button);
}

list.get_menu_items = function () {
	const items = framework.get_menu_items.call(this);
	if (is_ours(this)) items.unshift({ label: __("Columns"), action: () => ask_columns(this), standard: true });
	return items;
};

list.set_fields = async function () {
	await framework.set_fields.call(this);
	if (!is_ours(this)) return;
	for (const name of chosen_names(this) || []) if (!find_figure(this, name)) this._add_field(name);
};

list.setup_columns = function () {
	framework.setup_columns.call(this);
	if (is_ours(this)) this.columns = build_columns(this, this.columns);
};

// Records of one day are in the order of their folios, newest first.
list.get_args = function () {
	const args = framework.get_args.call(this);
	const [, column, order] = /`(\w+)` (asc|desc)$/.exec(args.order_by || "") || [];
	if (is_ours(this) && order && column !== "name") args.order_by += `, \`tab${this.doctype}\`.\`name\` ${order}`;
	return args;
};

list.render_header = function (refresh_header) {
	framework.render_header.call(this, refresh_header);
	if (!is_ours(this)) return;
	const header = this.$result.find(".list-row-head");
	// Our rows have no like.
	header.find(".list-liked-by-me").remove();
	header.find(".list-check-all").attr("aria-label", __("Select All"));
	// 15 and 16 put the label of the first column into this sentence without its translation.
	const [{ df }] = this.columns;
	header.find(".list-subject [data-sort-by]").attr("title", __("Click to sort by {0}", [__(df.label, null, df.parent)]));
	// The server cannot sort by what is no field.
	for (const { fieldname } of this.settings.figures?.columns || []) {
		header.find(`[data-sort-by="${fieldname}"]`).removeAttr("data-sort-by").attr("title", __("Computed for what is shown"));
	}
	const columns = this.columns.filter(({ type }) => type !== "Tag").length;
	this.$result[0].style.setProperty("--cronus-columns", columns);
};

// What screen readers say, and the place of the rows among what the Tab key leads to: before the whole page in 15 and 16.
list.get_list_row_html = function (doc) {
	const html = framework.get_list_row_html.call(this, doc);
	if (!is_ours(this)) return html;
	const title = escape_html(frappe.utils.unescape_html(String(doc[this.meta.title_field] || doc.name)));
	const name = __("Select {0}", [title]);
	const checkbox = `class="list-row-checkbox" aria-label="${name}"`;
	return html
		.replace('class="list-row-container" tabindex="1"', 'class="list-row-container" tabindex="0"')
		.replace('class="list-row-checkbox"', () => checkbox);
};

list.render_list = function () {
	framework.render_list.call(this);
	if (is_ours(this) && this.settings.figures && this.data.length) show_figures(this);
};

async function show_figures(view) {
	const { columns, load } = view.settings.figures;
	const shown = columns.filter(({ fieldname }) => view.columns.some(({ df }) => df?.fieldname === fieldname));
	if (!shown.length) return;
	const { data } = view;
	const figures = await load(data.map(({ name }) => name));
	// Meanwhile another page may be shown.
	if (view.data !== data) return;
	for (const doc of data) {
		for (const { fieldname, format } of shown) {
			const cell = view.$result[0].querySelector(
				`[data-figure="${fieldname}"][data-record="${CSS.escape(doc.name)}"]`
			);
			if (cell) cell.innerHTML = figures[doc.name] ? format(figures[doc.name]) : "";
		}
	}
}

list.get_column_html = function (column, doc, ...others) {
	if (!is_ours(this) || column.type !== "Field") {
		const html = framework.get_column_html.call(this, column, doc, ...others);
		return is_ours(this) && column.type === "Subject" ? add_second_line(this, html, doc) : html;
	}
	const { fieldname, is_amount } = column.df;
	if (find_figure(this, fieldname)) {
		const name = escape_html(doc.name);
		const side = is_amount ? "text-right" : "";
		return `<div class="list-row-col hidden-xs ${side}" data-figure="${fieldname}" data-record="${name}"></div>`;
	}
	if (fieldname === this.meta.title_field && !this.settings.formatters?.[fieldname]) {
		const text = escape_html(doc[fieldname] || "");
		return `<div class="list-row-col hidden-xs ellipsis ${fieldname}">
			<a class="cronus-title ellipsis" href="${escape_html(this.get_form_link(doc))}" title="${text}">${text}</a></div>`;
	}
	return framework.get_column_html.call(this, column, doc, ...others);
};

// On a telephone: what tells records of one name apart.
function add_second_line(view, html, doc) {
	if (!frappe.is_mobile() || shows_folio(view)) return html;
	const of_fields = view.columns.filter(({ type, df }) => type === "Field" && df && doc[df.fieldname] && !df.hidden);
	const shown = of_fields
		.filter(({ df }) => ["Date", "Datetime", "Currency", "Data", "Link"].includes(df.fieldtype))
		.slice(0, 2)
		.map(({ df }) => text_of(view, doc, df));
	const folio = view.meta.autoname?.startsWith("naming_series") ? [doc.name] : [];
	const line = [...folio, ...shown].map((text) => escape_html(text)).join(" · ");
	return html.replace(/<\/div>\s*$/, `<div class="cronus-second-line text-muted">${line}</div></div>`);
}

function text_of(view, doc, df) {
	if (df.fieldtype === "Currency") return cronus_crm.amounts.format(doc[df.fieldname], doc[df.options] || frappe.boot.cronus_currency);
	const title = view.link_field_title_fields?.[df.fieldname];
	if (df.fieldtype === "Link") return __((title && doc[`${df.fieldname}_${title}`]) || doc[df.fieldname]);
	if (df.fieldname === "phone") return doc.phone_shown || doc.phone;
	if (df.fieldtype === "Data") return doc[df.fieldname];
	return frappe.datetime.str_to_user(doc[df.fieldname].slice(0, 10), false, true);
}

// Instead of the age of the last change, the like and the button of 15.
list.get_meta_html = function (doc) {
	if (!is_ours(this)) return framework.get_meta_html.call(this, doc);
	const assigned = JSON.parse(doc._assign || "[]");
	return `
		<div class="level-item list-row-activity">
			${assigned.length ? `<span class="hidden-xs">${frappe.avatar_group(assigned, 3, { filterable: true })[0].outerHTML}</span>` : ""}
			<span class="visible-xs">${this.settings.hide_status ? "" : this.get_indicator_html(doc)}</span>
			${row_actions_of(this, doc).length ? menu_button_html(doc) : ""}
		</div>`;
};
