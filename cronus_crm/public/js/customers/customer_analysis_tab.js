// The tabs *Analysis* and *Reports* in the form of a customer.
frappe.provide("cronus_crm.customer");

const METHOD = "cronus_crm.api.customers.analyse";
const escape = frappe.utils.escape_html;
const NO_VALUE = "–";

Object.assign(cronus_crm.customer, {
	// as_of: a past day; by default, today.
	async show_analysis(customer, parent, as_of) {
		parent.innerHTML = `<p class="text-muted">${__("Loading...")}</p>`;
		const figures = await frappe.xcall(METHOD, { customer, as_of });
		parent.innerHTML = `
			<div class="row"><div class="col-md-6 col-lg-4" data-as-of></div></div>
			<div class="row">${build_cards(figures, build_links(customer, figures.as_of)).map(card_html).join("")}</div>
			<div class="row">
				<div class="col-12" data-months><h6>${__("Purchases of the last 24 months")}</h6><div></div></div>
				<div class="col-12" data-years><h6>${__("Year against year")}</h6><div></div></div>
			</div>
			<p class="text-muted small mt-3">${list_definitions(figures).map(escape).join(" ")}</p>`;
		draw_charts(parent, figures);
		make_day_field(customer, parent, figures.as_of);
	},

	show_reports(customer, parent) {
		const { can_run, build_link } = cronus_crm.customer_reports;
		const today = cronus_crm.company_today();
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
		].filter(([report]) => can_run(report));
		const row = ([report, filters, about]) => `
			<div class="list-group-item px-0">
				${build_link(report, filters, escape(__(report)))}
				<div class="text-muted small">${escape(about)}</div>
			</div>`;
		parent.innerHTML = reports.length
			? `<div class="list-group list-group-flush">${reports.map(row).join("")}</div>`
			: `<p class="text-muted small">${__("No report is open to your roles.")}</p>`;
	},

	list_alerts: (doc) => cronus_crm.customer_reports.list_alerts().filter(({ value }) => cint(doc[value])),
});

// A field with the past day of the figures; empty for today.
function make_day_field(customer, parent, as_of) {
	const field = frappe.ui.form.make_control({
		parent: parent.querySelector("[data-as-of]"),
		df: { fieldname: "as_of", fieldtype: "Date", label: __("As of (today)") },
		render_input: true,
	});
	field.set_value(as_of).then(() => {
		field.df.change = () => {
			const chosen = field.get_value() || null;
			if (chosen !== as_of) cronus_crm.customer.show_analysis(customer, parent, chosen);
		};
	});
}

const format_days = (number) =>
	number === null
		? NO_VALUE
		: cronus_crm.one_or_many(number, __("1 day"), __("{0} days", [format_number(number, null, number % 1 ? 1 : 0)]));
const format_percent = (number) => (number === null ? NO_VALUE : `${format_number(number, null, 1)}%`);

// Functions that link the HTML of a figure to the report or the list that explains it.
// Lists say how records are now: on a past day, only those by date are linked.
function build_links(customer, as_of) {
	const of_day = as_of ? { as_of } : {};
	const report = (name, filters) => (shown) =>
		cronus_crm.customer_reports.build_link(name, { customer, ...of_day, ...filters }, shown);
	const list = (doctype, filters) => (shown) =>
		cronus_crm.report_links.build_link(doctype, { customer, docstatus: 1, ...filters }, shown);
	const day = as_of || cronus_crm.company_today();
	const a_year_ago = frappe.datetime.add_months(`${day.slice(0, 8)}01`, -12);
	return {
		owed: report("Cronus Invoices Owed", {}),
		// 24, as the 12 months of the report include the present one.
		months: report("Cronus Purchase Peaks", { months: 24 }),
		invoices_of: (day) => list("Invoice", { is_return: 0, posting_date: day }),
		open_proformas: !as_of && list("Proforma", {
			state: ["in", ["Issued", "Ordered", "Partly invoiced"]],
			valid_until: [">=", day],
		}),
		payments: list("Cronus Payment", {
			kind: "Received",
			posting_date: ["Between", [a_year_ago, day]],
		}),
		open_cases: (shown) => cronus_crm.cases.link_open_cases({ customer }, shown),
	};
}

// Cards: title, figure with its link, and lines of [label, value, link]. Amounts are in the company's currency.
function build_cards({ currency, credit, owed, purchases, payment, proformas, cases }, links) {
	const money = (amount) => cronus_crm.amounts.format(amount, currency);
	const [to_30, to_60, to_90, older] = owed.ages;
	const { last, recency, days_between, trend, against_average } = purchases;
	return [
		{
			title: __("Credit available"),
			figure: credit ? money(credit.available) : __("No limit"),
			link: owed.total && links.owed,
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
			link: owed.total && links.owed,
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
			link: last && links.months,
			lines: [
				[__("Monthly average"), money(purchases.average)],
				[__("This month"), money(purchases.this_month)],
				[__("This month against the average"), format_percent(against_average)],
				[__("Trend"), trend === null ? NO_VALUE : `${trend_arrow(trend)} ${format_percent(trend)}`],
			],
		},
		{
			title: __("Last purchase"),
			figure: last ? frappe.datetime.str_to_user(last) : __("None yet"),
			link: last && links.invoices_of(last),
			lines: [
				[__("Days since"), recency === null ? NO_VALUE : format_days(recency)],
				[__("Median between purchases"), format_days(days_between)],
				[__("Open proformas"), String(proformas.number), proformas.number && links.open_proformas],
				[__("Left to invoice of them"), money(proformas.amount)],
			],
		},
		{
			title: __("Average days to pay"),
			figure: format_days(payment.days),
			link: payment.days !== null && links.payments,
			warning: payment.days > payment.agreed,
			lines: [[__("Agreed"), format_days(payment.agreed)]],
		},
		...(cases
			? [
					{
						title: __("Open cases"),
						figure: String(cases.number),
						link: cases.number && links.open_cases,
						warning: cases.missed > 0,
						lines: [
							[__("Waiting for our answer"), String(cases.unanswered)],
							[__("With a promised time missed"), String(cases.missed)],
						],
					},
				]
			: []),
	];
}

const trend_arrow = (change) => (change > 0 ? "▲" : change < 0 ? "▼" : "=");

// The HTML of a figure; a linked one has the arrow of the workspace's shortcuts.
function linked_html(shown, link) {
	return link ? link(`${shown} ${frappe.utils.icon("es-line-arrow-up-right", "xs")}`) : shown;
}

function card_html({ title, figure, link, warning, lines }) {
	const rows = lines.map(
		([label, value, link]) => `
			<div class="d-flex justify-content-between small">
				<span class="text-muted mr-2">${escape(label)}</span>
				<span class="text-nowrap">${linked_html(escape(value), link)}</span>
			</div>`
	);
	const shown = `<span${warning ? ' class="text-danger"' : ""}>${escape(figure)}</span>`;
	return `
		<div class="col-md-6 col-lg-4 mb-4">
			<div class="text-muted small">${escape(title)}</div>
			<div class="h4">${linked_html(shown, link)}</div>
			${rows.join("")}
		</div>`;
}

function list_definitions({ as_of, currency, partial }) {
	const day = as_of && frappe.datetime.str_to_user(as_of);
	return [
		day
			? __("As of {0}, by the dates of the documents. Due dates, sellers, terms and limits are the present ones.", [
					day,
				])
			: "",
		__("Purchases: invoices less credit notes, without tax, in {0}, by calendar month.", [currency]),
		__("The last 12 months are the whole ones before this one; the average is a twelfth of them."),
		__("Trend: the last three whole months against the same three of the year before."),
		__("Days between purchases: from each day with an invoice to the next one, the median."),
		__("Owed: what is left to pay, with tax, by the due date of each instalment."),
		__("What is owed is what is used of the credit."),
		__("Days to pay: from invoice to payment, weighted by amount, of the last twelve months."),
		partial ? __("Only of documents that you may see: others may have sold to this customer too.") : "",
	];
}

function draw_charts(parent, { currency, months, years }) {
	const tooltipOptions = { formatTooltipY: (amount) => cronus_crm.amounts.format(amount, currency) };
	const chart = (place, labels, datasets, colors) =>
		new frappe.Chart(parent.querySelector(`[data-${place}] > div`), {
			type: "bar",
			height: 220,
			colors,
			data: { labels, datasets },
			// xIsSeries: the chart omits labels for which there is no room.
			axisOptions: { xAxisMode: "tick", shortenYAxisNumbers: 1, xIsSeries: 1 },
			tooltipOptions,
			// A redraw during the entry animation, as when a scroll bar appears, throws an error.
			disableEntryAnimation: 1,
		});
	const bought = [{ name: __("Purchases"), values: months.values }];
	chart("months", months.labels, bought, ["#2f6f9f"]);
	const of_year = ({ year, values }) => ({ name: String(year), values });
	chart("years", years.labels, [of_year(years.last_year), of_year(years.this_year)], ["#b9cfe0", "#2f6f9f"]);
}
