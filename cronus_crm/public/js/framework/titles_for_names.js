// Records whose name is a random text are shown by their title: in the breadcrumbs of Frappe 15 (16 does it) and among the
// recent pages of the search bar of both; the form's side bar of 16 shows the title alone, without the name below it.
// Neither has a setting for it. Names that people know, such as numbers, stay.
import { is_own } from "./own_names";

const { set_form_breadcrumb } = frappe.breadcrumbs;
const { get_recent_pages } = frappe.search.utils;

frappe.breadcrumbs.set_form_breadcrumb = function (breadcrumbs, view) {
	set_form_breadcrumb.call(this, breadcrumbs, view);
	const title = find_title(breadcrumbs.doctype, frappe.get_route()[2]);
	const link = title && this.$breadcrumbs.find("li a").last()[0];
	if (link) link.innerText = title;
};

// A page whose title is not known is left out: nobody finds it by a random text.
frappe.search.utils.get_recent_pages = function (keywords) {
	return get_recent_pages.call(this, keywords).filter((option) => {
		const [view, doctype, name] = option.route || [];
		if (view !== "Form" || !name || !has_random_name(doctype)) return true;
		const title = find_title(doctype, name);
		if (title) option.label = `${__(doctype)} ${frappe.utils.escape_html(title).bold()}`;
		return Boolean(title);
	});
};

$(document).on("form-refresh", (_event, frm) => {
	const wrapper = $(frm.wrapper);
	wrapper.find(".form-name-container").toggleClass("hidden", has_random_name(frm.doctype));
	// The side bar of 16 has the title as it is stored, where the head of the page translates it.
	if (is_own(frm.doctype)) wrapper.find(".form-details.form-title-text > span").text((_, title) => __(title));
});

function has_random_name(doctype) {
	return doctype === "Cronus Activity" || frappe.get_meta(doctype)?.autoname === "hash";
}

function find_title(doctype, name) {
	if (!name || !has_random_name(doctype)) return null;
	const doc = frappe.get_doc(doctype, name);
	const title_field = frappe.get_meta(doctype)?.title_field;
	return (doc && !doc.__islocal && doc[title_field]) || frappe.utils.get_link_title(doctype, name) || null;
}
