// Charts, cards and shortcuts of the dashboard are the framework's widgets, in classes of ours that extend its own and
// take their places in its list of widgets. Neither Frappe 15 nor 16 has a hook for the filters that a widget sends,
// for a figure in full, for a chart drawn as its report draws it, or for a page that opens. Widgets that are not of
// Cronus Analytics are left to the framework's classes.
import { bars } from "../dashboard/bar_table";
import { ROUTE, WORKSPACE, choice } from "../dashboard/dashboard_choice";
import { answer_to } from "../dashboard/joined_questions";

const MODULE = "Cronus Analytics";
const MOST_IN_FULL = 1e8;

const { chart: Chart, number_card: NumberCard, shortcut: Shortcut } = frappe.widget.widget_factory;

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
