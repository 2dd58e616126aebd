// Fields and columns of amounts show the decimals of their currency. The framework gives all currencies those of the
// site, so that yen have cents and dinars lose a digit. Only for our DocTypes, reports and figures.
const { Currency } = frappe.form.formatters;
const { get_precision } = frappe.ui.form.ControlCurrency.prototype;

const OUR_NAMES = /^(Cronus |Proforma$|Invoice$)/;
// A unit may cost a part of the smallest amount.
const PRICES = ["price", "list_price"];
const MOST_DECIMALS_OF_PRICES = 6;

// A column of a report and a figure have no DocType: what page is open says whose they are.
const is_ours = (df) => OUR_NAMES.test(df?.parent || (frappe.get_route() || []).at(-1) || "");

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
	if (!is_ours(df) || value === null || value === undefined || value === "") return Currency(value, df, options, doc);
	const currency = find_currency(df, doc);
	const text = cronus_crm.amounts.format(value, currency, find_decimals(df, value, currency));
	return options?.only_value ? text : frappe.form.formatters._right(text, options);
};

frappe.ui.form.ControlCurrency.prototype.get_precision = function () {
	if (!is_ours(this.df)) return get_precision.call(this);
	const currency = find_currency(this.df, this.get_doc());
	// What is typed is rounded to this too: a price keeps what is typed.
	if (PRICES.includes(this.df.fieldname)) return find_decimals(this.df, this.$input?.val() || this.value, currency);
	return cronus_crm.amounts.decimals(currency);
};

// Percentages and quantities have many decimals (a discount that is given as an amount, kilograms); only those that they
// have are shown: three decimals of a quantity of 2 read as two thousand where a point separates thousands.
const { format_for_input } = frappe.ui.form.ControlFloat.prototype;
frappe.ui.form.ControlFloat.prototype.format_for_input = function (value) {
	const text = format_for_input.call(this, value);
	if (!text || !["Percent", "Float"].includes(this.df.fieldtype) || !is_ours(this.df)) return text;
	const [, decimals = ""] = String(flt(value, cint(this.get_precision()) || 3)).split(".");
	return format_number(value, this.get_number_format(), decimals.length);
};
