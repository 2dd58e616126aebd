// The decimals of currencies, as the server has them: cronus_crm/base/amounts.py
frappe.provide("cronus_crm.amounts");

// Formats of numbers without decimals, with which the framework would cut the cents of other currencies off.
const WITH_DECIMALS = { "#.###": "#.###,##", "#,###": "#,###.##" };

Object.assign(cronus_crm.amounts, {
	decimals: (currency) => frappe.boot.cronus_currency_decimals[currency] ?? 2,

	// For the fields of a dialog. A text, as the framework takes the number 0 for "not set".
	precision: (currency) => String(cronus_crm.amounts.decimals(currency)),

	// Half away from zero, whatever way of rounding the site has; the server rounds so too.
	round(amount, currency) {
		return flt(amount, cronus_crm.amounts.decimals(currency), null, "Commercial Rounding");
	},

	// With exactly these decimals. currency: for the separators of a currency; by default, those of the site.
	format_number(number, decimals, currency = null) {
		const format = get_number_format(currency);
		return format_number(number, (decimals && WITH_DECIMALS[format]) || format, decimals);
	},

	// With symbol. decimals: by default, those of the currency.
	format(amount, currency, decimals = cronus_crm.amounts.decimals(currency)) {
		const number = cronus_crm.amounts.format_number(amount, decimals, currency);
		const symbol = get_currency_symbol(currency);
		if (!symbol) return number;
		const is_right = frappe.model.get_value(":Currency", currency, "symbol_on_right");
		return is_right ? `${number} ${__(symbol)}` : `${__(symbol)} ${number}`;
	},
});
