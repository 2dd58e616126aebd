frappe.query_reports["Cronus Likely Doubles"] = {
	filters: [
		{ fieldname: "score", label: __("Score of at least (%)"), fieldtype: "Int", default: 80 },
		cronus_crm.customer_reports.limit_field(__("Rows at most")),
	],
	get_datatable_options: (options) => ({ ...options, checkboxColumn: true }),

	onload(report) {
		report.page.add_inner_button(__("Merge"), () => {
			const rows = find_checked(report);
			const names = [...new Set(rows.flatMap((row) => [row.first, row.second]))];
			if (rows.length) cronus_crm.customer.open_merge_dialog(names, () => report.refresh());
		});
		report.page.add_inner_button(__("Not the same"), async () => {
			for (const { first, second } of find_checked(report)) {
				await frappe.xcall("cronus_crm.api.merging.dismiss_doubles", { first, second });
			}
			report.refresh();
		});
	},
};

function find_checked(report) {
	const checked = report.datatable?.rowmanager.getCheckedRows() || [];
	const rows = checked.map((index) => report.data[index]).filter(Boolean);
	if (!rows.length) frappe.show_alert({ message: __("Check the rows first."), indicator: "orange" });
	return rows;
}
