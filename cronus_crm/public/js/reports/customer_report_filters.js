// Filters of the reports by customer, and links from one report to another.
frappe.provide("cronus_crm.customer_reports");

Object.assign(cronus_crm.customer_reports, {
	customer_field: () => ({
		fieldname: "customer",
		label: __("Customer"),
		fieldtype: "Link",
		options: "Cronus Customer",
	}),

	// Without a default: today is the company's, which the server knows.
	as_of_field: () => ({ fieldname: "as_of", label: __("As of (today)"), fieldtype: "Date" }),

	// The day that is chosen above the report, as a filter of the reports that its figures lead to.
	as_of_filter() {
		const as_of = frappe.query_report.get_filter_value("as_of");
		return as_of ? { as_of } : {};
	},

	// Fields above a report have no label, so that it is part of each option.
	limit_field: (label) => ({
		fieldname: "at_most",
		label,
		fieldtype: "Select",
		options: ["100", "500", "1000", "2000", "10000", "100000"].map((value) => ({ value, label: `${label}: ${value}` })),
		default: "500",
	}),

	// The alerts of customer_alerts.py, as options.
	list_alerts: () => {
		const labels = {
			alert_no_purchase: __("No purchase lately"),
			alert_below_average: __("Below its average"),
			alert_pays_late: __("Pays later than agreed"),
			alert_no_credit: __("No credit left"),
		};
		return frappe.boot.cronus.alerts.map((value) => ({ value, label: labels[value] || __(value) }));
	},

	can_run: (report) => Boolean(frappe.boot.user.all_reports?.[report]),

	// HTML of a link to a report. shown: escaped text; returned as it is if the user may not run the report.
	build_link(report, filters, shown) {
		if (!cronus_crm.customer_reports.can_run(report)) return shown;
		const path = `${frappe.router.make_url(["query-report", report])}?${new URLSearchParams(filters)}`;
		return `<a class="cronus-report-link" href="${frappe.utils.escape_html(path)}">${shown}</a>`;
	},
});

// The framework ignores the query string of a link to the present path, and so its filters.
document.addEventListener(
	"click",
	(event) => {
		const link = event.target.closest?.("a.cronus-report-link");
		if (!link || link.pathname !== window.location.pathname) return;
		if (event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		event.stopPropagation();
		history.pushState(null, null, link.href);
		frappe.router.route();
	},
	true
);
