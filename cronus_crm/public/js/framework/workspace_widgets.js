// Subclasses of the framework's widgets for the charts, cards and shortcuts of the dashboard; they replace the originals
// in the framework's factory. Neither Frappe 15 nor 16 has a hook for the filters that a widget sends, for a figure with
// all its digits, for a chart with the options of its report, or for the opening of a page. Widgets of other modules than
// Cronus Analytics behave as before.
import { axis_number, show_whole_texts } from "./chart_texts";
import { bar_table_html } from "../dashboard/bar_table";
import { ROUTE, WORKSPACE, choice } from "../dashboard/dashboard_choice";
import { request_batched } from "../dashboard/batched_requests";

const MODULE = "Cronus Analytics";
const MAX_IN_FULL = 1e8;

const { chart: Chart, number_card: NumberCard, shortcut: Shortcut } = frappe.widget.widget_factory;

// The chart of a report: with the report's options, the filters of the dashboard, and a link to the report.
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
		return request_batched("charts", { report_name: this.chart_doc.report_name, filters }).then((chart) => ({ chart }));
	}

	get_report_chart_data(result) {
		if (this.is_ours && this.chart_doc.use_report_chart) return result.chart?.data || {};
		return super.get_report_chart_data(result);
	}

	// Both serve charts over DocTypes; the chart of a report defines everything itself.
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
		// A redraw during the entry animation, as on a resize of the window, throws an error.
		args.disableEntryAnimation = 1;
		Object.assign(args.axisOptions, chart.axisOptions, { numberFormatter: axis_number(chart.fieldtype) });
		args.showLegend = 0;
		const field = { fieldtype: chart.fieldtype, options: chart.options };
		args.tooltipOptions = {
			formatTooltipY: (value) => frappe.format(value, field, { inline: true }, chart),
		};
		return args;
	}

	async render() {
		const chart = this.is_ours && this.report_result.chart;
		if (!chart?.lines) {
			await super.render();
			if (chart) show_whole_texts(this.dashboard_chart, this.chart_wrapper[0], { ...chart, type: chart.type || "bar" });
			return;
		}
		this.loading.hide();
		this.empty.hide();
		this.chart_wrapper.show()[0].innerHTML = bar_table_html(chart);
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
		// On a touch screen a touch shows the figure, so that only the title leads to the report.
		if (window.matchMedia("(hover: hover)").matches) {
			this.chart_wrapper[0].style.cursor = "pointer";
			this.chart_wrapper[0].addEventListener("click", () => this.open_report());
		}
	}

	open_report() {
		if (!this.in_customize_mode) frappe.set_route("query-report", this.chart_doc.report_name, this.filters);
	}
};

// A card whose figure comes from cronus_analytics/dashboard/dashboard_cards.py
frappe.widget.widget_factory.number_card = class extends NumberCard {
	// A link without an address cannot be reached by keys.
	set_card_actions(actions) {
		super.set_card_actions(actions);
		this.card_actions.find("[data-toggle]").attr({ role: "button", tabindex: 0, "aria-label": __("Menu") });
	}

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
		this.data = await request_batched("cards", { name, filters: choice.is_shown ? choice.filters() : {} });
		return this.settings.get_number(this.data);
	}

	get_number_for_custom_card(result) {
		if (!this.is_ours) super.get_number_for_custom_card(result);
		else this.formatted_number = result.value === null ? "–" : this.format_in_full(result);
	}

	// With all its digits, as in the report, as long as it fits in the card.
	format_in_full(result) {
		this.number = result.value;
		if (Math.abs(result.value) < MAX_IN_FULL) return frappe.format(result.value, result, { inline: true }, result);
		this.set_formatted_number(result, result);
		return this.formatted_number;
	}
};

frappe.widget.widget_factory.shortcut = class extends Shortcut {
	set_actions() {
		super.set_actions();
		// The framework's name leaves the number out, which is part of the text.
		this.widget.removeAttr("aria-label");
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
