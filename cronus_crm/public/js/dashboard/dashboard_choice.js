// The choice of period, seller and work centre above the dashboard, a workspace of charts and cards of reports. It is
// stored in the user's settings, and sent with each request like the filters of a report.
frappe.provide("cronus_crm.dashboard");

export const WORKSPACE = "Cronus Dashboard";
export const ROUTE = "cronus-dashboard";
const DEFAULT_CHOICE = { period: "365", from_date: "", to_date: "", seller: "", work_center: "" };

const { add_days } = frappe.datetime;
const today = () => cronus_crm.company_today();

const periods = {
	30: { label: () => __("Last 30 days"), days: () => last_days(30) },
	90: { label: () => __("Last 90 days"), days: () => last_days(90) },
	365: { label: () => __("Last 365 days"), days: () => last_days(365) },
	month: { label: () => __("This month"), days: () => [`${today().slice(0, 8)}01`, today()] },
	year: { label: () => __("This year"), days: () => [`${today().slice(0, 5)}01-01`, today()] },
	last_year: { label: () => __("Last year"), days: () => whole_year(Number(today().slice(0, 4)) - 1) },
	days: {
		label: () => __("From one day to another"),
		days: (choice) => [choice.from_date || add_days(today(), -364), choice.to_date || today()],
	},
};

function last_days(count) {
	return [add_days(today(), 1 - count), today()];
}

function whole_year(year) {
	return [`${year}-01-01`, `${year}-12-31`];
}

class DashboardChoice {
	constructor() {
		this.is_shown = false;
		this.values = { ...DEFAULT_CHOICE };
		this.widgets = new Set();
	}

	// Loads the last choice of the user, once.
	load() {
		this.loaded ??= this.read();
		return this.loaded;
	}

	async read() {
		const settings = await frappe.model.user_settings.get("Workspace");
		frappe.model.user_settings.Workspace = settings;
		Object.assign(this.values, settings[WORKSPACE]);
		if (!periods[this.values.period]) this.values.period = DEFAULT_CHOICE.period;
		if (this.values.seller && !(await is_visible(this.values.seller))) this.values.seller = "";
	}

	// The choice as filters of a report.
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

	// Shows the fields above the dashboard, and hides them above other workspaces.
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
		const [seller, work_center] = cronus_crm.report_filters.seller_fields();
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

export const choice = new DashboardChoice();

async function is_visible(seller) {
	const found = await frappe.db.get_list("Cronus Seller", { filters: { name: seller }, fields: ["name"] });
	return found.length > 0;
}

Object.assign(cronus_crm.dashboard, {
	route: [ROUTE],

	// Whether the user has a role of the workspace. Without one, its address shows the page `cronus-dashboard`.
	is_open: () => Boolean(frappe.workspaces?.[ROUTE]),
});
