// Fields and columns of amounts show the decimals of their currency. The framework gives all currencies those of the
// site, so that yen have cents and dinars lose a digit. Only for our DocTypes, reports and figures.
import { is_own_field } from "./own_names";

const { Currency } = frappe.form.formatters;
const { get_precision } = frappe.ui.form.ControlCurrency.prototype;

// A unit may cost a part of the smallest amount.
const PRICES = ["price", "list_price"];
const MOST_DECIMALS_OF_PRICES = 6;

// Amounts without a field of currency are in the company's.
const find_currency = (df, doc) =>
	df.options ? frappe.meta.get_field_currency(df, doc) : frappe.boot.cronus_currency;

function find_decimals(df, value, currency) {
	const decimals = cronus_crm.amounts.decimals(currency);
	if (!PRICES.includes(df.fieldname)) return decimals;
	const [, own = ""] = String(flt(value, MOST_DECIMALS_OF_PRICES)).split(".");
	return Math.max(decimals, own.length);
}

frappe.form.formatters.Currency = function (value, df, options, doc) {
	if (!is_own_field(df) || value === null || value === undefined || value === "") return Currency(value, df, options, doc);
	const currency = find_currency(df, doc);
	const text = cronus_crm.amounts.format(value, currency, find_decimals(df, value, currency));
	return options?.only_value ? text : frappe.form.formatters._right(text, options);
};

frappe.ui.form.ControlCurrency.prototype.get_precision = function () {
	if (!is_own_field(this.df)) return get_precision.call(this);
	const currency = find_currency(this.df, this.get_doc());
	// What is typed is rounded to this too: a price keeps what is typed.
	if (PRICES.includes(this.df.fieldname)) return find_decimals(this.df, this.$input?.val() || this.value, currency);
	return cronus_crm.amounts.decimals(currency);
};
