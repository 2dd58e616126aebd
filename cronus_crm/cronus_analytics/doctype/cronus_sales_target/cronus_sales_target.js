frappe.ui.form.on("Cronus Sales Target", {
	onload(frm) {
		if (!frm.is_new()) return;
		if (!frm.doc.year) frm.set_value("year", Number(cronus_crm.company_today().slice(0, 4)));
		if (!frm.doc.currency) frm.set_value("currency", frappe.boot.cronus_currency);
	},

	refresh(frm) {
		if (frm.perm[0]?.write) frm.add_custom_button(__("Split over the year"), () => split_over_year(frm));
	},
});

const MONTHS = Array.from({ length: 12 }, (_value, index) => `month_${String(index + 1).padStart(2, "0")}`);

// Asks for the amount of the year and gives each month its part; what the division leaves goes to December.
function split_over_year(frm) {
	const total = {
		fieldname: "total",
		fieldtype: "Currency",
		options: frm.doc.currency,
		label: __("Target for the year"),
		default: frm.doc.total,
		reqd: 1,
	};
	frappe.prompt(
		total,
		({ total }) => {
			const decimals = cronus_crm.amounts.decimals(frm.doc.currency);
			const part = flt(total / 12, decimals);
			for (const month of MONTHS) frm.set_value(month, part);
			frm.set_value("month_12", flt(total - 11 * part, decimals));
			frm.set_value("total", total);
		},
		__("Split over the year"),
		__("Split over the year")
	);
}
