// Which columns a list of ours has. By default those of the site's *List View Settings*; each user may choose others, and
// the choice is kept in their settings.
const STATUS = "status_field";
const CHOICE = "cronus_columns";
const STANDARD = { owner: __("User"), creation: __("Created On"), modified: __("Last Updated On") };

// The folio is the first column where documents are numbered, except on a telephone, which has room for the name alone.
export const shows_folio = ({ meta }) => meta.autoname?.startsWith("naming_series") && !frappe.is_mobile();

export const find_figure = (view, name) => view.settings.figures?.columns.find(({ fieldname }) => fieldname === name);

export function chosen_names(view) {
	const kept = view.view_user_settings[CHOICE];
	if (kept?.length) return kept;
	const of_site = JSON.parse(view.list_view_settings.fields || "[]").map(({ fieldname }) => fieldname);
	return of_site.length ? of_site : view.settings.default_columns;
}

export const keep_choice = (view, names) => view.save_view_user_settings({ [CHOICE]: names });

function may_show(view, df) {
	return (
		frappe.model.is_value_type(df.fieldtype) &&
		!df.hidden &&
		!df.is_virtual &&
		!["Password", "JSON", "Code"].includes(df.fieldtype) &&
		df.fieldname !== "naming_series" &&
		frappe.perm.has_perm(view.doctype, df.permlevel, "read")
	);
}

// {name: label} of all columns that the user may choose.
export function list_choices(view) {
	const of_fields = view.meta.fields.filter((df) => may_show(view, df)).map((df) => [df.fieldname, label_of(df)]);
	const figures = (view.settings.figures?.columns || []).map(({ fieldname, label }) => [fieldname, label]);
	const state = find_state(view);
	return Object.fromEntries([[STATUS, state ? label_of(state) : __("Status")], ...of_fields, ...figures, ...Object.entries(STANDARD)]);
}

const label_of = (df) => __(df.label, null, df.parent);

// The field whose value the indicator shows, as far as it does: the column is called as the field is.
const find_state = ({ doctype }) =>
	frappe.meta.get_docfield(doctype, "state") || frappe.meta.get_docfield(doctype, "status");

const name_indicator = (view, column) => (column.type === "Status" ? { ...column, df: find_state(view) } : column);

function make_column(view, name) {
	if (name === STATUS) return frappe.has_indicator(view.doctype) ? name_indicator(view, { type: "Status" }) : null;
	const figure = find_figure(view, name);
	if (figure) return { type: "Field", df: figure };
	if (STANDARD[name]) return { type: "Field", df: { ...frappe.model.get_std_field(name), label: STANDARD[name] } };
	const df = frappe.meta.get_docfield(view.doctype, name);
	return df && may_show(view, df) ? { type: "Field", df: with_short_label(view, df) } : null;
}

// Some labels of forms are too long for the head of a narrow column.
function with_short_label(view, df) {
	const label = view.settings.short_labels?.[df.fieldname];
	return label ? { ...df, label } : df;
}

// The framework shows a state among the fields of the list, too.
const drop_doubles = (columns) =>
	columns.filter(({ df }, place) => !df || columns.findIndex((other) => other.df?.fieldname === df.fieldname) === place);

// framework: the columns that the framework has made. Gives back those of the list.
export function build_columns(view, framework) {
	const [subject, ...others] = framework;
	const tags = others.filter(({ type }) => type === "Tag");
	const names = chosen_names(view);
	const fields = names
		? names.map((name) => make_column(view, name)).filter(Boolean)
		: drop_doubles(
				others
					.filter(({ type, df }) => type !== "Tag" && df?.fieldname !== "name")
					.map((column) => name_indicator(view, column)),
			);
	const title = view.meta.title_field;
	if (!shows_folio(view)) return [subject, ...tags, ...fields.filter(({ df }) => df?.fieldname !== title)];
	const folio = { type: "Subject", df: { fieldname: "name", label: __("Folio") } };
	const has_title = !title || fields.some(({ df }) => df?.fieldname === title);
	return [folio, ...tags, ...(has_title ? [] : [{ type: "Field", df: subject.df }]), ...fields];
}

export function ask_columns(view) {
	const labels = list_choices(view);
	const shown = chosen_names(view) || view.columns.map(({ type, df }) => (type === "Status" ? STATUS : df?.fieldname));
	const names = [...shown.filter((name) => labels[name]), ...Object.keys(labels).filter((name) => !shown.includes(name))];
	const dialog = new frappe.ui.Dialog({
		title: __("Columns of the list"),
		fields: [
			{
				fieldname: "names",
				fieldtype: "MultiCheck",
				columns: 2,
				options: names.map((name) => ({ value: name, label: labels[name], checked: shown.includes(name) })),
			},
		],
		primary_action_label: __("Show"),
		primary_action({ names: checked }) {
			dialog.hide();
			change_columns(view, names.filter((name) => checked.includes(name)));
		},
		secondary_action_label: __("As at first"),
		secondary_action() {
			dialog.hide();
			change_columns(view, []);
		},
	});
	dialog.show();
}

// The user's settings are read once for each page load, so that the view keeps the change too.
async function change_columns(view, names) {
	view.user_settings = { ...view.user_settings, List: { ...view.view_user_settings, [CHOICE]: names } };
	await keep_choice(view, names);
	await view.setup_fields();
	view.setup_columns();
	view.refresh(true).then?.(() => view.render_header(true));
}
