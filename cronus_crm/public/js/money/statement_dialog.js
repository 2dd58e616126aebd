// The statement of account of a customer on paper, from its report and from its own page.
frappe.provide("cronus_crm");

const REPORT = "Cronus Statement of Account";
const METHOD = "cronus_crm.api.files.download_statement";

Object.assign(cronus_crm, {
	// customer, from_date, to_date: the filters of the report.
	open_statement({ customer, from_date, to_date }) {
		const asked = new URLSearchParams({ customer, from_date, to_date });
		window.open(frappe.urllib.get_full_url(`/api/method/${METHOD}?${asked}`), "_blank", "noopener");
	},
});

export function may_see_statement() {
	return Boolean(frappe.boot.user.all_reports?.[REPORT]) && frappe.model.can_print("Cronus Customer");
}

export function ask_for_statement(customer) {
	const dialog = new frappe.ui.Dialog({
		title: __("Statement of account"),
		fields: cronus_crm.report_filters.period(90),
		primary_action_label: "PDF",
		primary_action(period) {
			dialog.hide();
			cronus_crm.open_statement({ customer, ...period });
		},
	});
	dialog.show();
}
