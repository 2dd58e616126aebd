// The dashboard: a workspace of charts and cards, each of them a report's, with one choice of period, seller and
// work centre for all. The choice is kept for the user, and sent with each question like the filters of a report.
frappe.provide("cronus_crm.dashboard");

const WORKSPACE = "Cronus Dashboard";
const ROUTE = "cronus-dashboard";
const MODULE = "Cronus Analytics";
const MOST_IN_FULL = 1e8;
const NO_CHOICE = { period: "365", from_date: "", to_date: "", seller: "", work_center: "" };

const { add_days, get_today, month_start, year_start } = frappe.datetime;

const periods = {
	30: { label: () => __("Last 30 days"), days: () => last_days(30) },
	90: { label: () => __("Last 90 days"), days: () => last_days(90) },
	365: { label: () => __("Last 365 days"), days: () => last_days(365) },
	month: { label: () => __("This month"), days: () => [month_start(), get_today()] },
	year: { label: () => __("This year"), days: () => [year_start(), get_today()] },
	last_year: { label: () => __("Last year"), days: () => whole_year(Number(get_today().slice(0, 4)) - 1) },
	days: {
		label: () => __("From one day to another"),
		days: (choice) => [choice.from_date || add_days(get_today(), -364), choice.to_date || get_today()],
	},
};

function last_days(count) {
	return [add_days(get_today(), 1 - count), get_today()];
}

function whole_year(year) {
	return [`${year}-01-01`, `${year}-12-31`];
}

class Choice {
	constructor() {
		this.is_shown = false;
		this.values = { ...NO_CHOICE };
		this.widgets = new Set();
	}

	// What the user chose the last time; read once.
	load() {
		this.loaded ??= this.read();
		return this.loaded;
	}

	async read() {
		const settings = await frappe.model.user_settings.get("Workspace");
		frappe.model.user_settings.Workspace = settings;
		Object.assign(this.values, settings[WORKSPACE]);
		if (!periods[this.values.period]) this.values.period = NO_CHOICE.period;
		if (this.values.seller && !(await is_visible(this.values.seller))) this.values.seller = "";
	}

	// As filters of a report.
	filters() {
		const { period, seller, work_center } = this.values;
		const [from_date, to_date] = periods[period].days(this.values);
		const filters = { from_date, to_date };
		if (seller) filters.seller = seller;
		if (work_center) filters.work_center = work_center;
		return filters;
	}

	change(fieldname, value) {
		if (this.values[fieldname] === (value || "")) return;
		this.values[fieldname] = value || "";
		frappe.model.user_settings.save("Workspace", WORKSPACE, this.values);
		this.show_dates();
		this.refresh_widgets();
	}

	refresh_widgets() {
		for (const widget of this.widgets) {
			if (!widget.widget[0].isConnected) this.widgets.delete(widget);
			else if (widget.card_doc) widget.render_card();
			else widget.refresh();
		}
	}

	// The fields above the dashboard; other workspaces have none.
	async show(page, is_shown) {
		this.is_shown = is_shown;
		if (!is_shown) {
			if (this.fields) page.hide_form();
			return;
		}
		await this.load();
		if (!this.is_shown) return;
		this.fields ??= this.make_fields(page);
		page.show_form();
		this.show_dates();
	}

	make_fields(page) {
		const add = (df) =>
			page.add_field({
				...df,
				default: this.values[df.fieldname],
				change: () => this.change(df.fieldname, this.fields?.[df.fieldname].get_value()),
			});
		const options = Object.entries(periods).map(([value, { label }]) => ({ value, label: label() }));
		const [seller, work_center] = cronus_crm.report_filters.whose();
		const fields = [
			{ fieldname: "period", label: __("Period"), fieldtype: "Select", options },
			{ fieldname: "from_date", label: __("From date"), fieldtype: "Date" },
			{ fieldname: "to_date", label: __("To date"), fieldtype: "Date" },
			...(cronus_crm.sees_others() ? [seller] : []),
			work_center,
		];
		return Object.fromEntries(fields.map((df) => [df.fieldname, add(df)]));
	}

	show_dates() {
		for (const fieldname of ["from_date", "to_date"]) {
			this.fields?.[fieldname].$wrapper.toggleClass("hide", this.values.period !== "days");
		}
	}
}

const choice = new Choice();

async function is_visible(seller) {
	const found = await frappe.db.get_list("Cronus Seller", { filters: { name: seller }, fields: ["name"] });
	return found.length > 0;
}

Object.assign(cronus_crm.dashboard, {
	route: [ROUTE],

	// The roles of the workspace decide; without them the same address leads to a page that says so.
	is_open: () => Boolean(frappe.workspaces?.[ROUTE]),
});

const { chart: Chart, number_card: NumberCard, shortcut: Shortcut } = frappe.widget.widget_factory;

// Bars one below the other, with their figures in words: of a funnel in the middle, with what went on to the next.
function bars({ data, colors, lines, centred, currency }) {
	const most = Math.max(...lines.map(({ number }) => number), 1);
	const escape = frappe.utils.escape_html;
	const rows = lines.map(({ number, amount, conversion, color }, index) => {
		const went_on = conversion === null ? "" : `↓ ${format_number(conversion, null, 1)}%`;
		return `
			<tr>
				<td class="pr-3">${escape(data.labels[index])}</td>
				<td class="w-50">
					<div style="margin: 3px ${centred ? "auto" : "0"}; height: 20px; min-width: 2px;
						border-radius: 3px; width: ${(100 * number) / most}%;
						background: ${escape(color || colors[0])}"></div>
				</td>
				<td class="text-right pl-3"><b>${format_number(number, null, 0)}</b></td>
				<td class="text-right text-nowrap pl-3">${format_currency(amount, currency)}</td>
			</tr>
			<tr class="text-muted small"><td></td><td class="text-center">${went_on}</td></tr>`;
	});
	return `<table class="cronus-bars w-100 mx-3" style="max-width: calc(100% - 2rem)">${rows.join("")}</table>`;
}

// A chart that is a report's: drawn as there, over what is chosen above, and a way to its table.
frappe.widget.widget_factory.chart = class extends Chart {
	get is_ours() {
		return this.chart_doc?.chart_type === "Report" && this.chart_doc.module === MODULE;
	}

	async set_chart_filters() {
		await super.set_chart_filters();
		if (!this.is_ours || !choice.is_shown) return;
		await choice.load();
		this.filters = { ...this.filters, ...choice.filters() };
		choice.widgets.add(this);
	}

	fetch(filters, refresh, args) {
		if (!this.is_ours) return super.fetch(filters, refresh, args);
		return answer_to("charts", { report_name: this.chart_doc.report_name, filters }).then((chart) => ({ chart }));
	}

	get_report_chart_data(result) {
		if (this.is_ours && this.chart_doc.use_report_chart) return result.chart?.data || {};
		return super.get_report_chart_data(result);
	}

	// The framework asks these for charts over DocTypes; a report's chart says all that is drawn.
	update_chart_object() {
		if (!this.is_ours) super.update_chart_object();
	}

	async get_source_doctype() {
		return this.is_ours ? null : super.get_source_doctype();
	}

	get_chart_args() {
		const args = super.get_chart_args();
		const chart = this.is_ours && this.report_result?.chart;
		if (!chart) return args;
		for (const name of ["type", "colors", "barOptions", "lineOptions"]) {
			if (chart[name]) args[name] = chart[name];
		}
		if (!chart.colors) delete args.colors;
		// A chart that is drawn anew while it moves in, as when the window changes, fails.
		args.disableEntryAnimation = 1;
		Object.assign(args.axisOptions, chart.axisOptions);
		const field = { fieldtype: chart.fieldtype, options: chart.options };
		args.tooltipOptions = {
			formatTooltipY: (value) => frappe.format(value, field, { inline: true }, chart),
		};
		return args;
	}

	async render() {
		const chart = this.is_ours && this.report_result.chart;
		if (!chart?.lines) return super.render();
		this.loading.hide();
		this.empty.hide();
		this.chart_wrapper.show()[0].innerHTML = bars(chart);
	}

	set_chart_title() {
		super.set_chart_title();
		if (!this.is_ours) return;
		const link = document.createElement("a");
		link.className = "cronus-to-report";
		link.href = frappe.router.make_url(["query-report", this.chart_doc.report_name]);
		link.title = __("Table, records and definition");
		link.append(...this.title_field[0].childNodes);
		link.addEventListener("click", (event) => {
			if (event.ctrlKey || event.metaKey) return;
			event.preventDefault();
			event.stopPropagation();
			this.open_report();
		});
		this.title_field[0].append(link);
		// Where there is no pointer that hovers, a touch shows the figure, and the title leads to the table.
		if (window.matchMedia("(hover: hover)").matches) {
			this.chart_wrapper[0].style.cursor = "pointer";
			this.chart_wrapper[0].addEventListener("click", () => this.open_report());
		}
	}

	open_report() {
		if (!this.in_customize_mode) frappe.set_route("query-report", this.chart_doc.report_name, this.filters);
	}
};

// The cards and the charts of a page are asked for together: they share what they are made of.
const WAIT_FOR_OTHERS = 100; // ms
const answer_to = (() => {
	let asked = null;
	return (kind, question) => {
		if (!asked) {
			const questions = { cards: [], charts: [] };
			const answer = new Promise((resolve) => setTimeout(resolve, WAIT_FOR_OTHERS)).then(() => {
				asked = null;
				return frappe.xcall("cronus_crm.api.dashboard.read_cards_and_charts", questions);
			});
			asked = { questions, answer };
		}
		const place = asked.questions[kind].push(question) - 1;
		return asked.answer.then((answers) => answers[kind][place]);
	};
})();

// A card with a figure of ours; see cronus_analytics/dashboard/dashboard_cards.py
frappe.widget.widget_factory.number_card = class extends NumberCard {
	get is_ours() {
		return this.card_doc?.type === "Custom" && this.card_doc.module === MODULE;
	}

	async get_data() {
		if (!this.is_ours) return super.get_data();
		if (choice.is_shown) {
			await choice.load();
			choice.widgets.add(this);
		}
		const name = this.card_doc.method.split(".").pop();
		this.data = await answer_to("cards", { name, filters: choice.is_shown ? choice.filters() : {} });
		return this.settings.get_number(this.data);
	}

	get_number_for_custom_card(result) {
		if (!this.is_ours) super.get_number_for_custom_card(result);
		else this.formatted_number = result.value === null ? "–" : this.in_full(result);
	}

	// To the cent, as in the report, while it fits in the card.
	in_full(result) {
		this.number = result.value;
		if (Math.abs(result.value) < MOST_IN_FULL) return frappe.format(result.value, result, { inline: true }, result);
		this.set_formatted_number(result, result);
		return this.formatted_number;
	}
};

frappe.widget.widget_factory.shortcut = class extends Shortcut {
	set_actions() {
		super.set_actions();
		if (this.in_customize_mode || this.link_to !== ROUTE || cronus_crm.dashboard.is_open()) return;
		const locked = document.createElement("div");
		locked.className = "indicator-pill no-indicator-dot gray ellipsis";
		locked.innerHTML = `${frappe.utils.icon("lock", "xs")} ${__("Locked")}`;
		this.action_area.prepend(locked);
	}
};

const { show_page } = frappe.views.Workspace.prototype;
frappe.views.Workspace.prototype.show_page = function (page) {
	choice.show(this.page, page.name === WORKSPACE);
	return show_page.call(this, page);
};
