// Links from the figures of a report to the list of the records that they count.
frappe.provide("cronus_crm.report_links");

const STATES_IN_COURSE = ["in", frappe.boot.cronus.opportunity.states_in_course];
const TEAM_OPERATOR = "descendants of (inclusive)";

function build_list_url(doctype, filters) {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(filters)) {
		parameters.set(name, Array.isArray(value) ? JSON.stringify(value) : value);
	}
	return `${frappe.router.make_url([frappe.router.slug(doctype)])}?${parameters}`;
}

// The report that has what a list of documents would have, and those of ERPs too, as [report, filters]; null for other
// lists, and where all documents are our own. See figures/counted_lists.py.
const ALL_DOCUMENTS = "Cronus Issued Documents";
const KNOWN_FILTERS = [
	"customer",
	"docstatus",
	"is_return",
	"kind",
	"posting_date",
	"seller",
	"state",
	"valid_until",
	"work_center",
];

function find_report(doctype, filters) {
	const kind = frappe.boot.cronus.kinds_instead_of_lists[doctype];
	if (!kind || Object.keys(filters).some((name) => !KNOWN_FILTERS.includes(name))) return null;
	const show = find_shown(filters);
	if (!show) return null;
	const days = filters.posting_date || ["Between", ["2000-01-01", cronus_crm.company_today()]];
	const [from_date, to_date] = Array.isArray(days) ? days[1] : [days, days];
	const found = { from_date, to_date, show, kind: filters.is_return === 0 ? "Invoice" : kind };
	const without = [];
	for (const name of ["customer", "seller", "work_center"]) {
		const value = filters[name];
		const [operator, operand] = Array.isArray(value) ? value : [null, value];
		if (operator === "is") without.push(name);
		else if (operator === TEAM_OPERATOR) found.seller = operand;
		else if (name === "seller" && operand) found.of_sellers = [operand].flat().join("|");
		else if (operand) found[name] = operand;
	}
	return [ALL_DOCUMENTS, without.length ? { ...found, without: without.join("|") } : found];
}

// What the report shows instead of the states of a list; null for states that the ledger does not know.
function find_shown({ state, valid_until }) {
	if (!state) return "All";
	if (valid_until) return "Open";
	if (state[1].includes("Invoiced")) return "Invoiced";
	return String(state[1]) === "Issued" ? "Open offers" : null;
}

// The address of what a figure counts: the list, or the report that has documents of ERPs too.
function build_url(doctype, filters) {
	const report = find_report(doctype, filters);
	if (!report || !cronus_crm.customer_reports.can_run(ALL_DOCUMENTS)) return build_list_url(doctype, filters);
	return `${frappe.router.make_url(["query-report", ALL_DOCUMENTS])}?${new URLSearchParams(report[1])}`;
}

Object.assign(cronus_crm.report_links, {
	states_in_course: STATES_IN_COURSE,
	build_list_url,
	build_url,

	// HTML of a link to what a figure counts. shown: escaped text; returned as it is if the user may not read the DocType.
	build_link(doctype, filters, shown) {
		if (find_report(doctype, filters) && cronus_crm.customer_reports.can_run(ALL_DOCUMENTS)) {
			return `<a href="${frappe.utils.escape_html(build_url(doctype, filters))}">${shown}</a>`;
		}
		if (!frappe.model.can_read(doctype)) return shown;
		const team = filters.seller?.[0] === TEAM_OPERATOR ? ' class="cronus-of-team"' : "";
		return `<a${team} href="${frappe.utils.escape_html(build_list_url(doctype, filters))}">${shown}</a>`;
	},

	// List filters for seller and work centre of the report. seller_of_row: for a row of one seller, its name, or
	// null for records without seller.
	seller_filters(seller_of_row) {
		const values = frappe.query_report.get_filter_values();
		const filters = {};
		if (seller_of_row !== undefined) filters.seller = seller_of_row || ["is", "not set"];
		else if (values.seller) filters.seller = [TEAM_OPERATOR, values.seller];
		if (values.work_center) filters.work_center = values.work_center;
		return filters;
	},

	// List filters for the records of a row: of a seller, a team or manager (its `members`), a work centre, a customer or
	// a product.
	row_filters(row) {
		const { seller_filters } = cronus_crm.report_links;
		const not_set = ["is", "not set"];
		if (row.bold) return seller_filters();
		if (row.members) return { ...seller_filters(), seller: ["in", JSON.parse(row.members)] };
		if ("work_center" in row) return { ...seller_filters(), work_center: row.work_center || not_set };
		if ("customer" in row) return { ...seller_filters(), customer: row.customer || not_set };
		if (row.product) return { ...seller_filters(), "Cronus Opportunity Product.product": row.product };
		return seller_filters("product" in row ? undefined : row.seller);
	},

	// List filter of a date field by the period of the row or, without one, of the report; years: so many years earlier.
	period_filters(fieldname, row = {}, years = 0) {
		const values = frappe.query_report.get_filter_values();
		const days = [row.from_date || values.from_date, row.to_date || values.to_date];
		return { [fieldname]: ["Between", days.map((day) => moment(day).subtract(years, "years").format("YYYY-MM-DD"))] };
	},

	// Returns the formatter of a report. list_of(fieldname, row, column): [DocType, filters] for the link of a cell, or
	// a falsy value for none.
	formatter(list_of) {
		return (value, row, column, data, default_formatter) => {
			const { escape_html } = frappe.utils;
			// In the row of the total, a column of links has text, not the name of a document.
			if (data?.bold && column.fieldtype === "Link") return `<b>${escape_html(value)}</b>`;
			const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
			const list = value && data ? list_of(column.fieldname, data, column) : null;
			return list ? cronus_crm.report_links.build_link(...list, shown) : shown;
		};
	},
});

// The filter of a list matches one seller only, so that the sellers of the team are listed before it opens.
async function open_list_of_team(link) {
	const filters = Object.fromEntries(new URL(link.href).searchParams);
	const [, seller] = JSON.parse(filters.seller);
	const team = await frappe.db.get_list("Cronus Seller", {
		filters: { name: [TEAM_OPERATOR, seller] },
		fields: ["name"],
		order_by: "lft asc",
		limit: 0,
	});
	frappe.route_options = { ...filters, seller: ["in", team.map(({ name }) => name)] };
	frappe.set_route(new URL(link.href).pathname.split("/").slice(2));
}

document.addEventListener(
	"click",
	(event) => {
		const link = event.target.closest?.("a.cronus-of-team");
		if (!link) return;
		event.preventDefault();
		event.stopPropagation();
		open_list_of_team(link);
	},
	true
);
