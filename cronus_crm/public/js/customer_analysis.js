// What the form of a customer shows of its figures, and the reports that tell more of it.
frappe.provide("cronus_crm.customer");

const METHOD = "cronus_crm.cronus_analytics.customer_analysis.of_customer";
const escape = frappe.utils.escape_html;
const NOTHING = "–";

Object.assign(cronus_crm.customer, {
	async show_analysis(customer, parent) {
		parent.innerHTML = `<p class="text-muted">${__("Loading...")}</p>`;
		const figures = await frappe.xcall(METHOD, { customer });
		parent.innerHTML = `
			<div class="row">${cards(figures).map(card).join("")}</div>
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
const percent = (number) => (number === null ? NOTHING : `${format_number(number, null, 1)} %`);

// Each card: title, the figure, and below it lines of [label, value].
function cards({ currency, credit, owed, purchases, payment, proformas }) {
	const money = (amount) => format_currency(amount, currency);
	const [to_30, to_60, to_90, older] = owed.ages;
	const { last, recency, trend, against_average } = purchases;
	return [
		{
			title: __("Credit available"),
			figure: credit ? money(credit.available) : __("No limit"),
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
			lines: [
				[__("Days since"), recency === null ? NOTHING : days(recency)],
				[__("Open proformas"), String(proformas.number)],
				[__("Left to invoice of them"), money(proformas.amount)],
			],
		},
		{
			title: __("Average days to pay"),
			figure: days(payment.days),
			warning: payment.days > payment.agreed,
			lines: [[__("Agreed"), days(payment.agreed)]],
		},
	];
}

const arrow = (change) => (change > 0 ? "▲" : change < 0 ? "▼" : "=");

function card({ title, figure, warning, lines }) {
	const rows = lines.map(
		([label, value]) => `
			<div class="d-flex justify-content-between small">
				<span class="text-muted mr-2">${escape(label)}</span>
				<span class="text-nowrap">${escape(value)}</span>
			</div>`
	);
	return `
		<div class="col-md-6 col-lg-4 mb-4">
			<div class="text-muted small">${escape(title)}</div>
			<div class="h4 ${warning ? "text-danger" : ""}">${escape(figure)}</div>
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
	const chart = (place, labels, datasets, colors, axis = {}) =>
		new frappe.Chart(parent.querySelector(`[data-${place}] > div`), {
			type: "bar",
			height: 220,
			colors,
			data: { labels, datasets },
			axisOptions: { xAxisMode: "tick", shortenYAxisNumbers: 1, ...axis },
			tooltipOptions,
		});
	const bought = [{ name: __("Purchases"), values: months.values }];
	// As a series, only as many labels are shown as there is room for.
	chart("months", months.labels, bought, ["#2f6f9f"], { xIsSeries: 1 });
	const of_year = ({ year, values }) => ({ name: String(year), values });
	chart("years", years.labels, [of_year(years.last_year), of_year(years.this_year)], ["#b9cfe0", "#2f6f9f"]);
}
