// Quantities and percentages show the decimals that they have: 2 and 75 %. The framework shows those of the site, and
// "2.000" and "75.000" are thousands to a reader of Spanish. A lower precision of the fields would round the values. Only
// for our DocTypes and reports.
import { is_own_field } from "./own_names";

// What a column of the database keeps.
const MOST_DECIMALS = 9;

const { Float, Percent } = frappe.form.formatters;
const { format_for_input } = frappe.ui.form.ControlFloat.prototype;

// Float fields with options are amounts.
const is_number = (df) => df && ["Float", "Percent"].includes(df.fieldtype) && !df.options?.trim() && is_own_field(df);
// A new line has no value yet where others have 0.
const is_no_number = (value) => value === null || isNaN(Number(value ?? 0));
const is_empty = (value) => value === undefined || value === "" || is_no_number(value);

function count_decimals(value, df) {
	const most = Math.min(cint(df.precision) || cint(frappe.boot.sysdefaults.float_precision) || 3, MOST_DECIMALS);
	const [, decimals = ""] = flt(value, most).toFixed(most).replace(/0+$/, "").split(".");
	return decimals.length;
}

const format_as_written = (value, df) => cronus_crm.amounts.format_number(value, count_decimals(value, df));

frappe.form.formatters.Float = function (value, df, options, doc) {
	if (is_no_number(value) || !is_number(df) || options?.always_show_decimals) return Float(value, df, options, doc);
	return frappe.form.formatters._right(format_as_written(value, df), options);
};

frappe.form.formatters.Percent = function (value, df, options) {
	if (is_no_number(value) || !is_number(df)) return Percent(value, df, options);
	return frappe.form.formatters._right(`${format_as_written(value, df)}%`, options);
};

// Not where the site's format has no decimals: what is typed is read by that format.
frappe.ui.form.ControlFloat.prototype.format_for_input = function (value) {
	const decimals = get_number_format_info(get_number_format()).precision;
	if (is_empty(value) || !is_number(this.df) || !decimals) return format_for_input.call(this, value);
	return format_as_written(value, this.df);
};
