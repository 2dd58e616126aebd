// My month: the figures of api/sales_month.py. Address: ?month=2026-11-01&seller=NAME, both optional.
frappe.pages["cronus-my-month"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("My month"), single_column: true });
	wrapper.my_month = new MyMonth(page);
};

frappe.pages["cronus-my-month"].on_page_show = (wrapper) => wrapper.my_month.show();

class MyMonth {
	constructor(page) {
		this.page = page;
		this.body = document.createElement("div");
		this.body.className = "p-3";
		page.main.append(this.body);
		this.month = cronus_crm.company_today();
		this.month_field = page.add_field({
			fieldname: "month",
			label: __("Month"),
			fieldtype: "Date",
			default: this.month,
			change: () => this.read(),
		});
		if (cronus_crm.sees_others()) {
			this.seller_field = page.add_field({
				...cronus_crm.report_filters.seller_fields()[0],
				change: () => this.read(),
			});
		}
		page.add_inner_button(__("Previous month"), () => this.step(-1));
		page.add_inner_button(__("Next month"), () => this.step(1));
		if (frappe.model.can_create("Cronus Sales Target")) {
			page.add_menu_item(__("Targets"), () => frappe.set_route("List", "Cronus Sales Target"));
			page.set_secondary_action(__("Targets"), () => frappe.set_route("List", "Cronus Sales Target"));
		}
	}

	step(months) {
		const shown = this.month_field.get_value() || cronus_crm.company_today();
		this.month_field.set_value(moment(shown).startOf("month").add(months, "months").format("YYYY-MM-DD"));
	}

	// Called each time that the page is opened; the address may name a seller and a month.
	async show() {
		const { seller, month } = frappe.route_options || frappe.utils.get_query_params();
		frappe.route_options = {};
		if (month) await this.month_field.set_value(month);
		if (seller) await this.seller_field?.set_value(seller);
		this.read();
	}

	async read() {
		const request = (this.request = {});
		const args = { month: this.month_field.get_value() };
		const seller = this.seller_field?.get_value();
		if (seller) args.seller = seller;
		const month = await cronus_crm.my_month.read(args);
		if (request !== this.request) return;
		this.body.innerHTML = cronus_crm.my_month.style_html() + cronus_crm.my_month.page_html(month);
	}
}
