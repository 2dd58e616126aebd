// The PDF of the statement of account of a customer, opened from the report and from the form of the customer.
frappe.provide("cronus_crm");

const REPORT = "Cronus Statement of Account";
const METHOD = "cronus_crm.api.files.download_statement";

Object.assign(cronus_crm, {
	// customer, from_date, to_date: the filters of the report.
	open_statement({ customer, from_date, to_date }) {
		const parameters = new URLSearchParams({ customer, from_date, to_date });
		window.open(frappe.urllib.get_full_url(`/api/method/${METHOD}?${parameters}`), "_blank", "noopener");
	},
});

export function can_see_statement() {
	return Boolean(frappe.boot.user.all_reports?.[REPORT]) && frappe.model.can_print("Cronus Customer");
}

export function show_statement_dialog(customer) {
	const dialog = new frappe.ui.Dialog({
		title: __("Statement of account"),
		fields: cronus_crm.report_filters.period_fields(90),
		primary_action_label: "PDF",
		primary_action(period) {
			dialog.hide();
			cronus_crm.open_statement({ customer, ...period });
		},
	});
	dialog.show();
}
