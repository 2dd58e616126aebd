// The month of a seller and of the team: what is read from cronus_analytics/figures/month_figures.py, as HTML. Shown on
// the workspace (a Custom HTML Block, in a shadow tree) and on the page `cronus-my-month`, which has the team as well.
import { fill, read, remove_block } from "../desk/workspace_blocks";

frappe.provide("cronus_crm.my_month");

const PAGE = "cronus-my-month";
const escape = frappe.utils.escape_html;

const STYLE = `
	.cronus-month { --cronus-bar: var(--gray-200, #e2e6e9); }
	.cronus-month-head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
	.cronus-month-head h4 { margin: 0; font-size: 1.1rem; }
	.cronus-month-bar { height: 10px; border-radius: 5px; background: var(--cronus-bar); margin: 8px 0 14px; overflow: hidden; }
	.cronus-month-bar i { display: block; height: 100%; background: #2f6f9f; }
	.cronus-month-bar i.is-reached { background: #2e7d4f; }
	.cronus-month-figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
	.cronus-month-figure { border: 1px solid var(--border-color); border-radius: 8px; padding: 10px 12px; color: inherit;
		display: block; }
	a.cronus-month-figure:hover { border-color: #2f6f9f; text-decoration: none; }
	.cronus-month-figure b { display: block; font-size: 1.15rem; }
	.cronus-month-label, .cronus-month-note { color: var(--text-muted); font-size: 0.85rem; }
	.cronus-month-table { width: 100%; font-variant-numeric: tabular-nums; }
	.cronus-month-table th, .cronus-month-table td { padding: 6px 8px; border-bottom: 1px solid var(--border-color);
		text-align: right; white-space: nowrap; }
	.cronus-month-table th:first-child, .cronus-month-table td:first-child { text-align: left; white-space: normal; }
	.cronus-month-scroll { overflow-x: auto; margin-top: 20px; }`;

const amount = (value, month) => cronus_crm.amounts.format(value, month.currency);
const rate = (value) => (value === null ? "–" : `${format_number(value, null, 0)} %`);

// "noviembre de 2026"
function month_name({ month }) {
	const [year, number] = month.split("-").map(Number);
	return new Date(year, number - 1, 1).toLocaleDateString(frappe.boot.lang, { month: "long", year: "numeric" });
}

// The records that a figure counts; sellers: their names.
function list_links(month, sellers) {
	const posting_date = ["Between", [month.month, month.last_day]];
	const of_month = { docstatus: 1, posting_date, seller: ["in", sellers] };
	return {
		invoiced: ["Invoice", of_month],
		collected: ["Cronus Payment", of_month],
		conversion: ["Proforma", of_month],
		open_offers: ["Proforma", { state: ["in", ["Issued"]], seller: ["in", sellers] }],
	};
}

function figure_html(label, value, note, link) {
	const inner = `<span class="cronus-month-label">${label}</span><b>${value}</b>
		<span class="cronus-month-note">${note}</span>`;
	if (!link || !frappe.model.can_read(link[0])) return `<div class="cronus-month-figure">${inner}</div>`;
	return `<a class="cronus-month-figure" href="${escape(cronus_crm.report_links.build_url(...link))}">${inner}</a>`;
}

function target_html(figures, month) {
	const sold = `<b>${__("Sold", null, "Month")}: ${amount(figures.sold, month)}</b>`;
	if (!figures.target) return `<p class="cronus-month-target">${sold} · ${__("no target set")}</p>`;
	const left = figures.target - figures.sold;
	const rest =
		left > 0 ? __("{0} to go", [amount(left, month)]) : __("{0} above the target", [amount(-left, month)]);
	const reached = __("{0} of the target", [rate(figures.reached)]);
	return `
		<div class="cronus-month-target">${sold}
			${__("of {0}", [amount(figures.target, month)])} · <b>${rate(figures.reached)}</b> · ${rest}</div>
		<div class="cronus-month-bar" role="img" aria-label="${escape(reached)}">
			<i class="${left > 0 ? "" : "is-reached"}" style="width: ${Math.min(Math.max(figures.reached, 0), 100)}%"></i></div>`;
}

function figures_html(figures, month, sellers) {
	const links = list_links(month, sellers);
	const converted = __("{0} of {1} proformas", [figures.proformas_invoiced, figures.proformas]);
	const parts = [
		[__("Sold", null, "Month"), amount(figures.sold, month), __("{0} sales", [figures.sales]), null],
		[__("Invoiced"), amount(figures.invoiced, month), __("{0} invoices", [figures.invoices]), links.invoiced],
		[__("Collected"), amount(figures.collected, month), __("with taxes"), links.collected],
		[__("Conversion"), rate(figures.conversion), converted, links.conversion],
		[__("Open offers"), figures.open_offers, amount(figures.open_amount, month), links.open_offers],
	];
	return `${target_html(figures, month)}
		<div class="cronus-month-figures">${parts.map((part) => figure_html(...part)).join("")}</div>`;
}

function team_table_html({ rows, total }, month) {
	const heads = [
		__("Seller"),
		__("Target"),
		__("Sold", null, "Month"),
		__("Reached"),
		__("Invoiced"),
		__("Collected"),
		__("Conversion"),
		__("Open offers"),
	];
	const cells = (figures) => [
		figures.target ? amount(figures.target, month) : "–",
		amount(figures.sold, month),
		rate(figures.reached),
		amount(figures.invoiced, month),
		amount(figures.collected, month),
		rate(figures.conversion),
		figures.open_offers,
	];
	const name_html = (row) => {
		const query = new URLSearchParams({ seller: row.seller, month: month.month });
		return `<a href="${escape(`${frappe.router.make_url([PAGE])}?${query}`)}" data-seller="${escape(row.seller)}">
			${escape(row.seller_name || row.seller)}</a>`;
	};
	const line = (first, figures) =>
		`<tr><td>${first}</td>${cells(figures)
			.map((cell) => `<td>${cell}</td>`)
			.join("")}</tr>`;
	return `<div class="cronus-month-scroll"><table class="cronus-month-table">
		<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>
		<tbody>${rows.map((row) => line(name_html(row), row)).join("")}</tbody>
		<tfoot><tr class="font-weight-bold">${line(`<b>${__("Total")}</b>`, total).slice("<tr>".length)}</tfoot>
	</table></div>`;
}

function definitions_html() {
	return `<p class="cronus-month-note mt-4">${[
		__("Sold: what customers confirmed in the month: orders, and deliveries, sales notes and invoices without one."),
		__("Invoiced: less credit notes. Conversion: of the proformas of the month, those invoiced since."),
		__("Open offers: proformas that are valid today and of which nothing was made."),
		__("Amounts are without taxes, except what was collected."),
	].join(" ")}</p>`;
}

// The workspace shows the team's month to whoever leads one, with a link to the page.
function block_html(month) {
	const figures = month.team ? month.team.total : month.own;
	const sellers = month.team ? month.team.rows.map((row) => row.seller) : [month.seller];
	const title = month.team ? __("My team's month") : __("My month");
	return `<div class="cronus-month"><div class="cronus-month-head"><h4>${title}</h4>
			<span class="cronus-month-note">${month_name(month)}</span>
			<a href="${frappe.router.make_url([PAGE])}">${month.team ? __("By seller") : __("Details")}</a></div>
		${figures_html(figures, month, sellers)}</div>`;
}

function page_html(month) {
	const parts = [];
	// The own month of whoever leads a team is a row of it.
	if (month.team) {
		const sellers = month.team.rows.map((row) => row.seller);
		parts.push(figures_html(month.team.total, month, sellers), team_table_html(month.team, month));
	} else if (month.own) {
		parts.push(figures_html(month.own, month, [month.seller]));
	}
	if (!parts.length) parts.push(`<p>${__("You are no seller, and see nobody's month.")}</p>`);
	return `<div class="cronus-month">${parts.join("")}${definitions_html()}</div>`;
}

Object.assign(cronus_crm.my_month, {
	read: (args = {}) => read("cronus_crm.api.sales_month.read_month", args),

	style_html: () => `<style>${STYLE}</style>`,
	page_html,

	// Fills the block of the workspace. root: its shadow root. Without a month to show, the block is taken away.
	async fill_block(root) {
		const month = await cronus_crm.my_month.read();
		if (!month.own && !month.team) return remove_block(root);
		fill(root, `<style>${STYLE}</style>${block_html(month)}`);
	},
});
