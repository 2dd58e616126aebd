// The page *Getting started*: six steps from an empty site to a first proforma. The steps are in public/js/first_day.
frappe.pages["cronus-getting-started"].on_page_load = (wrapper) => {
	wrapper.guide_page = new cronus_crm.first_day.GuidePage(wrapper);
};
frappe.pages["cronus-getting-started"].on_page_show = (wrapper) => wrapper.guide_page.reload();
