// What the form of a customer shows of its figures, and the reports that tell more of it.
frappe.provide("cronus_crm.customer");

const METHOD = "cronus_crm.api.customers.analyse";
const escape = frappe.utils.escape_html;
const NOTHING = "–";

Object.assign(cronus_crm.customer, {
	async show_analysis(customer, parent) {
		parent.innerHTML = `<p class="text-muted">${__("Loading...")}</p>`;
		const figures = await frappe.xcall(METHOD, { customer });
		parent.innerHTML = `
			<div class="row">${cards(figures, ways_from(customer)).map(card).join("")}</div>
			<div class="row">
				<div class="col-12" data-months><h6>${__("Purchases of the last 24 months")}</h6><div></div></div>
				<div class="col-12" data-years><h6>${__("Year against year")}</h6><div></div></div>
			</div>
			<p class="text-muted small mt-3">${definitions(figures).map(escape).join(" ")}</p>`;
		draw(parent, figures);
	},

	show_reports(customer, parent) {
		const { may_run, link } = cronus_crm.customer_reports;
		const today = frappe.datetime.get_today();
		const reports = [
			["Cronus Customer Portfolio", { customer }, __("Credit, debts, purchases and payment, in one row")],
			["Cronus Invoices Owed", { customer }, __("What it is to pay, invoice by invoice")],
			["Cronus Statement of Account", { customer }, __("What it was charged and what it paid")],
			["Cronus Purchase Peaks", { customer, months: 24 }, __("In which months it buys")],
			[
				"Cronus Products Sold",
				{ customer, from_date: frappe.datetime.add_months(today, -12), to_date: today },
				__("What was sold to it in the last year"),
			],
			["Cronus Order Status", { customer }, __("How its orders stand")],
			[
				"Cronus Activity Log",
				{ customer, from_date: frappe.datetime.add_months(today, -6), to_date: today },
				__("What was planned and done with it in six months"),
			],
		].filter(([report]) => may_run(report));
		const row = ([report, filters, about]) => `
			<div class="list-group-item px-0">
				${link(report, filters, escape(__(report)))}
				<div class="text-muted small">${escape(about)}</div>
			</div>`;
		parent.innerHTML = reports.length
			? `<div class="list-group list-group-flush">${reports.map(row).join("")}</div>`
			: `<p class="text-muted small">${__("No report is open to your roles.")}</p>`;
	},

	alerts_of: (doc) => cronus_crm.customer_reports.alerts().filter(({ value }) => cint(doc[value])),
});

const days = (number) =>
	number === null ? NOTHING : __("{0} days", [format_number(number, null, number % 1 ? 1 : 0)]);
const percent = (number) => (number === null ? NOTHING : `${format_number(number, null, 1)}%`);

// From a figure, as it is shown, to what it is made of.
function ways_from(customer) {
	const report = (name, filters) => (shown) =>
		cronus_crm.customer_reports.link(name, { customer, ...filters }, shown);
	const list = (doctype, filters) => (shown) =>
		cronus_crm.report_links.link(doctype, { customer, docstatus: 1, ...filters }, shown);
	const { add_months, get_today } = frappe.datetime;
	const a_year_ago = add_months(`${get_today().slice(0, 8)}01`, -12);
	return {
		owed: report("Cronus Invoices Owed", {}),
		// Twelve there are eleven whole ones and the one that runs.
		months: report("Cronus Purchase Peaks", { months: 24 }),
		invoices_of: (day) => list("Invoice", { is_return: 0, posting_date: day }),
		open_proformas: list("Proforma", {
			state: ["in", ["Issued", "Ordered", "Partly invoiced"]],
			valid_until: [">=", get_today()],
		}),
		payments: list("Cronus Payment", {
			kind: "Received",
			posting_date: ["Between", [a_year_ago, get_today()]],
		}),
	};
}

// Each card: title, the figure with its way, and below it lines of [label, value, way].
function cards({ currency, credit, owed, purchases, payment, proformas }, ways) {
	const money = (amount) => format_currency(amount, currency);
	const [to_30, to_60, to_90, older] = owed.ages;
	const { last, recency, trend, against_average } = purchases;
	return [
		{
			title: __("Credit available"),
			figure: credit ? money(credit.available) : __("No limit"),
			way: owed.total && ways.owed,
			warning: credit && credit.available <= 0,
			lines: credit
				? [
						[__("Credit limit"), money(credit.limit)],
						[__("Used"), money(credit.used)],
					]
				: [[__("Used"), money(owed.total)]],
		},
		{
			title: __("Owed"),
			figure: money(owed.total),
			way: owed.total && ways.owed,
			lines: [
				[__("Not due"), money(owed.not_due)],
				[__("Overdue up to 30 days"), money(to_30)],
				[__("31 to 60 days"), money(to_60)],
				[__("61 to 90 days"), money(to_90)],
				[__("More than 90 days"), money(older)],
			],
		},
		{
			title: __("Last 12 months"),
			figure: money(purchases.twelve_months),
			way: last && ways.months,
			lines: [
				[__("Monthly average"), money(purchases.average)],
				[__("This month"), money(purchases.this_month)],
				[__("This month against the average"), percent(against_average)],
				[__("Trend"), trend === null ? NOTHING : `${arrow(trend)} ${percent(trend)}`],
			],
		},
		{
			title: __("Last purchase"),
			figure: last ? frappe.datetime.str_to_user(last) : __("None yet"),
			way: last && ways.invoices_of(last),
			lines: [
				[__("Days since"), recency === null ? NOTHING : days(recency)],
				[__("Open proformas"), String(proformas.number), proformas.number && ways.open_proformas],
				[__("Left to invoice of them"), money(proformas.amount)],
			],
		},
		{
			title: __("Average days to pay"),
			figure: days(payment.days),
			way: payment.days !== null && ways.payments,
			warning: payment.days > payment.agreed,
			lines: [[__("Agreed"), days(payment.agreed)]],
		},
	];
}

const arrow = (change) => (change > 0 ? "▲" : change < 0 ? "▼" : "=");

// A figure that leads somewhere says so with the arrow of the workspace's shortcuts.
function led(shown, way) {
	return way ? way(`${shown} ${frappe.utils.icon("es-line-arrow-up-right", "xs")}`) : shown;
}

function card({ title, figure, way, warning, lines }) {
	const rows = lines.map(
		([label, value, way]) => `
			<div class="d-flex justify-content-between small">
				<span class="text-muted mr-2">${escape(label)}</span>
				<span class="text-nowrap">${led(escape(value), way)}</span>
			</div>`
	);
	const shown = `<span${warning ? ' class="text-danger"' : ""}>${escape(figure)}</span>`;
	return `
		<div class="col-md-6 col-lg-4 mb-4">
			<div class="text-muted small">${escape(title)}</div>
			<div class="h4">${led(shown, way)}</div>
			${rows.join("")}
		</div>`;
}

function definitions({ currency, partial }) {
	return [
		__("Purchases: invoices less credit notes, without tax, in {0}, by calendar month.", [currency]),
		__("The last 12 months are the whole ones before this one; the average is a twelfth of them."),
		__("Trend: the last three whole months against the same three of the year before."),
		__("Owed: what is left to pay, with tax, by the due date of each instalment."),
		__("What is owed is what is used of the credit."),
		__("Days to pay: from invoice to payment, weighted by amount, of the last twelve months."),
		partial ? __("Only of documents that you may see: others may have sold to this customer too.") : "",
	];
}

function draw(parent, { currency, months, years }) {
	const tooltipOptions = { formatTooltipY: (amount) => format_currency(amount, currency) };
	const chart = (place, labels, datasets, colors) =>
		new frappe.Chart(parent.querySelector(`[data-${place}] > div`), {
			type: "bar",
			height: 220,
			colors,
			data: { labels, datasets },
			// As a series, only as many labels are shown as there is room for.
			axisOptions: { xAxisMode: "tick", shortenYAxisNumbers: 1, xIsSeries: 1 },
			tooltipOptions,
			// A chart that is drawn anew while it moves in, as when the page gets its scroll bar, fails.
			disableEntryAnimation: 1,
		});
	const bought = [{ name: __("Purchases"), values: months.values }];
	chart("months", months.labels, bought, ["#2f6f9f"]);
	const of_year = ({ year, values }) => ({ name: String(year), values });
	chart("years", years.labels, [of_year(years.last_year), of_year(years.this_year)], ["#b9cfe0", "#2f6f9f"]);
}
