{
	const proformas = ["Proforma", {}];
	const invoiced = ["Proforma", { state: ["in", ["Partly invoiced", "Invoiced"]] }];
	const invoices = ["Invoice", { is_return: 0 }];
	const lists = {
		proformas,
		proforma_amount: proformas,
		invoiced,
		invoiced_amount: invoiced,
		invoices,
		invoice_amount: invoices,
	};

	frappe.query_reports["Cronus Seller Efficiency"] = {
		filters: [
			...cronus_crm.report_filters.period_fields(),
			cronus_crm.report_filters.rows_field(),
			...cronus_crm.report_filters.seller_fields(),
			{ fieldname: "days", label: __("Days to invoice"), fieldtype: "Check", default: 1 },
		],
		formatter: cronus_crm.report_links.formatter((fieldname, row) => {
			if (!lists[fieldname]) return null;
			const [doctype, filters] = lists[fieldname];
			return [
				doctype,
				{
					docstatus: 1,
					...filters,
					...cronus_crm.report_links.period_filters("posting_date"),
					...cronus_crm.report_links.row_filters(row),
				},
			];
		}),
	};
}
