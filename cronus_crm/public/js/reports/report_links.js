// From a figure of a report to the records that it counts: the list, filtered as the report is.
frappe.provide("cronus_crm.report_links");

const IN_PROGRESS = ["in", frappe.boot.cronus.opportunity.states_in_course];
const OF_TEAM = "descendants of (inclusive)";

function address(doctype, filters) {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(filters)) {
		parameters.set(name, Array.isArray(value) ? JSON.stringify(value) : value);
	}
	return `${frappe.router.make_url([frappe.router.slug(doctype)])}?${parameters}`;
}

Object.assign(cronus_crm.report_links, {
	in_progress: IN_PROGRESS,

	// A link with text that is escaped already; only the text to whoever may not read the records.
	link(doctype, filters, shown) {
		if (!frappe.model.can_read(doctype)) return shown;
		const team = filters.seller?.[0] === OF_TEAM ? ' class="cronus-of-team"' : "";
		return `<a${team} href="${frappe.utils.escape_html(address(doctype, filters))}">${shown}</a>`;
	},

	// The filters of a list that stand for those of the report; of one seller where a row is a seller's.
	whose(seller_of_row) {
		const asked = frappe.query_report.get_filter_values();
		const filters = {};
		if (seller_of_row !== undefined) filters.seller = seller_of_row || ["is", "not set"];
		else if (asked.seller) filters.seller = [OF_TEAM, asked.seller];
		if (asked.work_center) filters.work_center = asked.work_center;
		return filters;
	},

	// From the first day to the last, by default those of the report.
	period(fieldname, row = {}) {
		const asked = frappe.query_report.get_filter_values();
		return { [fieldname]: ["Between", [row.from_date || asked.from_date, row.to_date || asked.to_date]] };
	},

	// list_of(fieldname, row, column) gives [DocType, filters], or nothing where a cell leads nowhere.
	formatter(list_of) {
		return (value, row, column, data, default_formatter) => {
			const { escape_html } = frappe.utils;
			// The total is nobody that a link could lead to.
			if (data?.bold && column.fieldtype === "Link") return `<b>${escape_html(value)}</b>`;
			const shown = cronus_crm.report_filters.formatter(value, row, column, data, default_formatter);
			const list = value && data ? list_of(column.fieldname, data, column) : null;
			return list ? cronus_crm.report_links.link(...list, shown) : shown;
		};
	},
});

// A list takes a seller for that one alone, so that a team is named one by one before it opens.
async function open_list_of_team(link) {
	const filters = Object.fromEntries(new URL(link.href).searchParams);
	const [, seller] = JSON.parse(filters.seller);
	const team = await frappe.db.get_list("Cronus Seller", {
		filters: { name: [OF_TEAM, seller] },
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
