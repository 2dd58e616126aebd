// What billing has to do today: cronus_billing/documents/billing_today.py
frappe.pages["cronus-billing-today"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Today in billing"), single_column: true });
	wrapper.body = document.createElement("div");
	wrapper.body.className = "p-3";
	page.main.append(wrapper.body);
	page.set_secondary_action(__("Refresh"), () => read_today(wrapper));
};

frappe.pages["cronus-billing-today"].on_page_show = (wrapper) => read_today(wrapper);

async function read_today(wrapper) {
	const today = await cronus_crm.billing_today.read(100);
	wrapper.body.innerHTML = cronus_crm.billing_today.page_html(today);
}
