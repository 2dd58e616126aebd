// Filters of the reports of cases, and lists behind their figures: see cronus_analytics/cases.
frappe.provide("cronus_crm.case_reports");

// The columns that say what a row is of.
const NAMING = ["agent", "of"];
const OPEN = ["New", "Open", "Waiting for us", "Waiting for them"];

Object.assign(cronus_crm.case_reports, {
	team_field() {
		return { fieldname: "team", label: __("Team"), fieldtype: "Link", options: "Cronus Service Team" };
	},

	// What the rows of a report are. labels: of each choice, the first one is the default.
	by_field(labels) {
		const options = Object.entries(labels).map(([value, label]) => ({ value, label }));
		return { fieldname: "by", label: __("Rows"), fieldtype: "Select", options, default: options[0].value };
	},

	// Formatter of a cell: agents by their names, the row of nobody as in the chart, and nothing where there is no figure,
	// which the framework shows as 0.
	formatter(value, row, column, data, default_formatter) {
		if (data && ["Duration", "Percent"].includes(column.fieldtype) && data[column.fieldname] == null) return "";
		if (data && !value && NAMING.includes(column.fieldname)) {
			return column.options === "User" ? __("(nobody)") : __("(none)");
		}
		const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
		if (column.options !== "User" || !value || data?.bold) return shown;
		return frappe.utils.escape_html(frappe.user.full_name(value));
	},

	// The same with links; list_of: see report_links.formatter.
	linked_formatter: (list_of) => (value, row, column, data, default_formatter) =>
		NAMING.includes(column.fieldname)
			? cronus_crm.case_reports.formatter(value, row, column, data, default_formatter)
			: cronus_crm.report_links.formatter(list_of)(value, row, column, data, default_formatter),

	// List filters for the team of the report.
	team_filters() {
		const { team } = frappe.query_report.get_filter_values();
		return team ? { team } : {};
	},

	// The list of the open cases of a row by agent. filters: instead of all open ones.
	list_of_open(row, filters = { category: ["in", OPEN] }) {
		const agent = row.bold ? {} : { agent: row.agent || ["is", "not set"] };
		return ["Cronus Case", { ...filters, ...agent, ...cronus_crm.case_reports.team_filters() }];
	},
});
