const BY_FIELD = { Agent: "rating_agent", Type: "rating_type", Team: "rating_team", Account: "customer" };

// The days of a row: of a month, or of the report.
function days_of(row) {
	return cronus_crm.report_links.period_filters("rating_asked_on", row);
}

function filters_of(row) {
	const field = BY_FIELD[frappe.query_report.get_filter_value("by")];
	const { team, customer } = frappe.query_report.get_filter_values();
	return {
		category: ["!=", "Cancelled"],
		...(team ? { rating_team: team } : {}),
		...(customer ? { customer } : {}),
		...(row.bold || !field ? {} : { [field]: row.of || ["is", "not set"] }),
		...days_of(row),
	};
}

// Which ratings a column counts.
const RATED = { asked: {}, answered: { rating: [">", 0] }, good: { rating: [">=", 4] } };

frappe.query_reports["Cronus Satisfaction"] = {
	filters: [
		...cronus_crm.report_filters.period_fields(30),
		cronus_crm.case_reports.by_field({
			Agent: __("Agents"),
			Type: __("Types"),
			Team: __("Teams"),
			Account: __("Customers"),
			Month: __("Months"),
		}),
		cronus_crm.case_reports.team_field(),
		{ ...cronus_crm.customer_reports.customer_field(), depends_on: "eval:doc.by == 'Account'" },
	],
	formatter(value, row, column, data, default_formatter) {
		if (data && column.fieldname === "mean" && data.mean == null) return "";
		const list_of = (fieldname, of_row) => RATED[fieldname] && ["Cronus Case", { ...filters_of(of_row), ...RATED[fieldname] }];
		const { linked_formatter, formatter } = cronus_crm.case_reports;
		const is_link = column.fieldname in RATED;
		return (is_link ? linked_formatter(list_of) : formatter)(value, row, column, data, default_formatter);
	},
};
