// Two entries of the menu of our forms and lists: “Customize”, which the framework (15 and 16) shows only to those who may
// change every form, for administrators of the CRM too; and the tour of a form, which it starts nowhere but in its
// onboarding.
const OUR_NAMES = /^(Cronus |Proforma$|Invoice$)/;
const WITH_TOUR = ["Cronus Customer", "Proforma"];

const may_customize = (doctype) =>
	OUR_NAMES.test(doctype) && frappe.user.has_role("Cronus Administrator") && !frappe.model.can_create("Custom Field");
const customize = (doctype) => frappe.set_route("Form", "Customize Form", { doc_type: doctype });

const { make_customize_buttons } = frappe.ui.form.Toolbar.prototype;
frappe.ui.form.Toolbar.prototype.make_customize_buttons = function () {
	make_customize_buttons.call(this);
	const { doctype, meta } = this.frm;
	if (!meta.issingle && may_customize(doctype)) {
		this.page.add_menu_item(__("Customize"), () => customize(doctype), true);
	}
	if (WITH_TOUR.includes(doctype) && this.frm.perm[0]?.write) {
		this.page.add_menu_item(__("Explain this form"), () => start_tour(this.frm), true);
	}
};

async function start_tour(frm) {
	await frm.tour.init({ tour_name: frm.doctype });
	frm.tour.start();
}

const { get_menu_items } = frappe.views.ListView.prototype;
frappe.views.ListView.prototype.get_menu_items = function () {
	const items = get_menu_items.call(this);
	if (may_customize(this.doctype)) {
		items.push({ label: __("Customize"), action: () => customize(this.doctype), standard: true });
	}
	return items;
};
