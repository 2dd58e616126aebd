{
	const prospects = ["Cronus Prospect", "contacted_on", {}];
	const proformas = ["Proforma", "posting_date", { docstatus: 1 }];
	const orders = ["Cronus Order", "posting_date", { docstatus: 1 }];
	const invoices = ["Invoice", "posting_date", { docstatus: 1 }];
	const lists = {
		prospects,
		proformas,
		proforma_amount: proformas,
		orders,
		order_amount: orders,
		invoices,
		invoice_amount: invoices,
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
