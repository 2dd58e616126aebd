// Percentages without trailing zeros: 15 % and 8.875 %. The framework shows all of them with the decimals of the site,
// 15.000 %; a lower precision of the fields would round the values.
frappe.provide("cronus_crm.rates");

function format_without_zeros(value, df, options) {
	if (value === null || value === undefined) return "";
	const max_decimals = cint(df.precision) || cint(frappe.boot.sysdefaults.float_precision) || 2;
	const [, decimals = ""] = String(flt(value, max_decimals)).split(".");
	return frappe.form.formatters._right(`${format_number(value, null, decimals.length)}%`, options);
}

// Sets the formatter of all Percent fields of a form and of its child tables; call it in `setup`.
cronus_crm.rates.show_as_written = function (frm) {
	const tables = frm.meta.fields
		.filter(({ fieldtype }) => frappe.model.table_fields.includes(fieldtype))
		.map(({ options }) => options);
	for (const doctype of [frm.doctype, ...tables]) {
		for (const { fieldname } of frappe.meta.get_docfields(doctype, null, { fieldtype: "Percent" })) {
			// For later documents, and for the present one, which has its own copy of the docfields already.
			for (const name of [null, frm.docname]) {
				frappe.meta.get_docfield(doctype, fieldname, name).formatter = format_without_zeros;
			}
		}
	}
};
