// Rates as they were written: 15 % and 8.875 %. The framework fills all of them up to the decimals of the site, to
// 15.000 %; a precision of their fields would cut off what people write.
frappe.provide("cronus_crm.rates");

function as_written(value, df, options) {
	if (value === null || value === undefined) return "";
	const most = cint(frappe.boot.sysdefaults.float_precision) || 2;
	const [, decimals = ""] = String(flt(value, most)).split(".");
	return frappe.form.formatters._right(`${format_number(value, null, decimals.length)}%`, options);
}

// Those of a form and of its tables; when it is set up.
cronus_crm.rates.show_as_written = function (frm) {
	const tables = frm.meta.fields
		.filter(({ fieldtype }) => frappe.model.table_fields.includes(fieldtype))
		.map(({ options }) => options);
	for (const doctype of [frm.doctype, ...tables]) {
		for (const { fieldname } of frappe.meta.get_docfields(doctype, null, { fieldtype: "Percent" })) {
			// For the documents to come, and for the first one, which has a copy of its fields already.
			for (const name of [null, frm.docname]) {
				frappe.meta.get_docfield(doctype, fieldname, name).formatter = as_written;
			}
		}
	}
};
