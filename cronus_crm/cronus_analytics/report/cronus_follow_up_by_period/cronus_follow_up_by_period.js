{
	const prospects = ["Cronus Prospect", "contacted_on", {}];
	const proformas = ["Proforma", "posting_date", { docstatus: 1 }];
	const orders = ["Cronus Order", "posting_date", { docstatus: 1 }];
	const invoices = ["Invoice", "posting_date", { docstatus: 1 }];
	const counted = {
		prospects,
		proformas,
		proforma_amount: proformas,
		orders,
		order_amount: orders,
		invoices,
		invoice_amount: invoices,
	};

	frappe.query_reports["Cronus Follow-up by Period"] = {
		filters: [...cronus_crm.report_filters.period(), ...cronus_crm.report_filters.whose()],
		formatter: cronus_crm.report_links.formatter((fieldname, row) => {
			if (!counted[fieldname]) return null;
			const [doctype, date, filters] = counted[fieldname];
			return [
				doctype,
				{
					...filters,
					...cronus_crm.report_links.period(date),
					...cronus_crm.report_links.whose(row.bold ? undefined : row.seller),
				},
			];
		}),
	};
}
