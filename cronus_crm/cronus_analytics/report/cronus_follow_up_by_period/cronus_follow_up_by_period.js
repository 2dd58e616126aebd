{
	const prospects = ["Cronus Prospect", "contacted_on", {}];
	const proformas = ["Proforma", "posting_date", { docstatus: 1 }];
	const orders = ["Cronus Order", "posting_date", { docstatus: 1 }];
	// The number is of invoices, the amount is less the credit notes, which are in its list.
	const invoices = ["Invoice", "posting_date", { docstatus: 1, is_return: 0 }];
	const lists = {
		prospects,
		proformas,
		proforma_amount: proformas,
		orders,
		order_amount: orders,
		invoices,
		invoice_amount: ["Invoice", "posting_date", { docstatus: 1 }],
	};

	frappe.query_reports["Cronus Follow-up by Period"] = {
		filters: [
			...cronus_crm.report_filters.period_fields(),
			cronus_crm.report_filters.rows_field(),
			...cronus_crm.report_filters.seller_fields(),
		],
		formatter: cronus_crm.report_links.formatter((fieldname, row) => {
			if (!lists[fieldname]) return null;
			const [doctype, date, filters] = lists[fieldname];
			return [
				doctype,
				{
					...filters,
					...cronus_crm.report_links.period_filters(date),
					...cronus_crm.report_links.row_filters(row),
				},
			];
		}),
	};
}
