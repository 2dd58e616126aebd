// What the reports by customer share: filters, and the way from one to the other.
frappe.provide("cronus_crm.customer_reports");

Object.assign(cronus_crm.customer_reports, {
	customer: () => ({
		fieldname: "customer",
		label: __("Customer"),
		fieldtype: "Link",
		options: "Cronus Customer",
	}),

	// Above a report a field has no label beside it, so that each choice says what it is.
	at_most: (label) => ({
		fieldname: "at_most",
		label,
		fieldtype: "Select",
		options: ["100", "500", "1000", "2000"].map((value) => ({ value, label: `${label}: ${value}` })),
		default: "500",
	}),

	// Those that customer_alerts.py knows.
	alerts: () => {
		const labels = {
			alert_no_purchase: __("No purchase lately"),
			alert_below_average: __("Below its average"),
			alert_pays_late: __("Pays later than agreed"),
			alert_no_credit: __("No credit left"),
		};
		return frappe.boot.cronus.alerts.map((value) => ({ value, label: labels[value] || __(value) }));
	},

	may_run: (report) => Boolean(frappe.boot.user.all_reports?.[report]),

	// A link with text that is escaped already; only the text to whoever may not run the report.
	link(report, filters, shown) {
		if (!cronus_crm.customer_reports.may_run(report)) return shown;
		const path = `${frappe.router.make_url(["query-report", report])}?${new URLSearchParams(filters)}`;
		return `<a class="cronus-report-link" href="${frappe.utils.escape_html(path)}">${shown}</a>`;
	},
});

// The framework follows a link to where one is already only by its path, and forgets the filters.
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
