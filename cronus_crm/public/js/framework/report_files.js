// What is printed and exported of one of our reports says the same: all filters that were chosen, as they are shown, and
// the definitions. The framework prints the stored values of filters, and neither prints nor exports the definitions;
// what it writes into files for spreadsheets is completed in visibility/replaced/report_access.py.
//
// Its chart shows its texts whole: see chart_texts.js. And a report that is opened shows nothing of the one before it: the
// framework leaves the definitions, the summary and the chart of that one until the first answer comes, and for good when
// none comes because a filter is missing.
import { axis_number, show_whole_texts } from "./chart_texts";

const { QueryReport } = frappe.views;
const { render_chart, load_report, get_filters_html_for_print, get_applied_filters, print_report, pdf_report, export_report, refresh } =
	QueryReport.prototype;

const is_ours = (report) => Boolean(report.report_doc?.module?.startsWith("Cronus "));

// Value of a filter as a user reads it; escaped, for HTML.
function show_filter({ df }, value, yes_or_no) {
	if (df.fieldtype === "Check") return yes_or_no[cint(value)];
	if (df.fieldtype === "Select") {
		const option = (Array.isArray(df.options) ? df.options : []).find((each) => each.value === value);
		return frappe.utils.escape_html(option?.label || __(value));
	}
	const shown = frappe.format(value, df, { inline: true, only_value: true });
	return frappe.utils.escape_html(frappe.utils.html2text(String(shown)));
}

const is_empty = (value) => value === undefined || value === null || value === "" || value.length === 0;

function list_filters(report, values) {
	return Object.entries(values)
		.map(([fieldname, value]) => [report.get_filter(fieldname), value])
		.filter(([filter, value]) => filter && !filter.df.hidden_due_to_dependency && !is_empty(value))
		.map(([filter, value]) => [filter.df.label, show_filter(filter, value, report.boolean_labels)]);
}

Object.assign(QueryReport.prototype, {
	load_report(...args) {
		for (const part of [this.$status, this.$summary, this.$chart]) part?.empty().hide();
		return load_report.apply(this, args);
	},

	refresh(...args) {
		if (!is_ours(this)) return refresh.apply(this, args);
		this.$summary?.empty().hide();
		try {
			return refresh.apply(this, args);
		} catch (reason) {
			// How the framework stops; it has said so on the page, and nothing has failed.
			if (reason !== "Filter missing") throw reason;
		}
	},

	render_chart(options) {
		if (!is_ours(this)) return render_chart.call(this, options);
		options.axisOptions.numberFormatter = axis_number(options.fieldtype);
		render_chart.call(this, { ...options, showLegend: 0 });
		show_whole_texts(this.chart, this.$chart[0], options);
	},

	get_filters_html_for_print() {
		if (!is_ours(this)) return get_filters_html_for_print.call(this);
		const filters = list_filters(this, this.get_filter_values()).map(
			([label, shown]) => `<div class="filter-row"><strong>${frappe.utils.escape_html(label)}:</strong> ${shown}</div>`
		);
		return [...filters, this.$status.html()].join("");
	},

	get_applied_filters(values) {
		if (!is_ours(this)) return get_applied_filters.call(this, values);
		const shown = list_filters(this, values);
		return Object.fromEntries(shown.map(([label, value]) => [label, frappe.utils.unescape_html(value)]));
	},

	print_report(print_settings) {
		return print_report.call(this, with_filters(this, print_settings));
	},

	pdf_report(print_settings) {
		return pdf_report.call(this, with_filters(this, print_settings));
	},

	export_report(...args) {
		export_report.apply(this, args);
		// They are written in any case.
		if (is_ours(this)) this.export_dialog.set_df_property("include_filters", "hidden", 1);
	},
});

function with_filters(report, print_settings) {
	return is_ours(report) ? { ...print_settings, include_filters: 1 } : print_settings;
}
