// Names of what Frappe 16 draws around every page with an icon alone: its side bar, the head of a page, the filters of a
// list, menus, the desktop. It draws them again and again, in many places and without a hook, so whatever comes into the
// page is looked at. 15 draws none of it.
const section_of = (button) => button.closest(".item-anchor")?.querySelector(".sidebar-item-label")?.textContent.trim();
const field_of = (button) => button.closest(".frappe-control")?.querySelector("input")?.getAttribute("aria-label");

const NAMES = {
	".sidebar-header .drop-icon": () => __("Menu"),
	".sidebar-item-control .drop-icon": (button) => __("Show or hide {0}", [section_of(button)]),
	".about-sidebar-link": () => __("About"),
	".collapse-sidebar-link": () => __("Toggle Sidebar"),
	".sidebar-toggle-btn": () => __("Toggle Sidebar"),
	".navbar-breadcrumbs a[href='/desk']": () => __("Desktop"),
	".match-type-dropdown-btn": (button) => __("How {0} is compared", [field_of(button)]),
	".desktop-notifications button": () => __("Notifications"),
	".navbar-modal-search-mobile": () => __("Search"),
};
const WITHOUT_NAME = Object.keys(NAMES).map((selector) => `${selector}:not([aria-label])`);

// They stand beside the name of what they show; some bear it in English.
const PICTURES = ":is(.sidebar-header, .dropdown-menu-item, .desktop-icon) img:not([alt=''])";

const find_in = (root, selector) => [...(root.matches(selector) ? [root] : []), ...root.querySelectorAll(selector)];

function name_in(root) {
	for (const picture of find_in(root, PICTURES)) picture.alt = "";
	for (const element of find_in(root, String(WITHOUT_NAME))) {
		const selector = Object.keys(NAMES).find((each) => element.matches(each));
		element.setAttribute("aria-label", NAMES[selector](element));
	}
	// These say it in English; the one on a telephone is no field.
	for (const group of find_in(root, "[role=group][aria-label=Actions]")) group.setAttribute("aria-label", __("Actions"));
	for (const bar of find_in(root, "#desktop-navbar-modal-search")) bar.title = __("Search");
	$(find_in(root, ".navbar-modal-search-mobile")).removeAttr("placeholder").attr("role", "button");
}

function name_what_came(changes) {
	const came = changes.flatMap(({ addedNodes }) => [...addedNodes]);
	for (const node of came) if (node.nodeType === Node.ELEMENT_NODE) name_in(node);
}

if (frappe.ui.SidebarHeader) {
	$(() => {
		new MutationObserver(name_what_came).observe(document.body, { childList: true, subtree: true });
		name_in(document.body);
	});
}

// Suggestions of a field, a "combobox" in 16: where they are, and which of them is chosen. Its library names them by ids that
// they have not got when the framework draws them, and goes on naming one that is gone.
$(document).on("awesomplete-open awesomplete-highlight", ({ target }) => {
	const list = target.parentElement.querySelector("ul[role=listbox]");
	if (!list) return;
	target.setAttribute("aria-controls", list.id);
	[...list.children].forEach((item, index) => (item.id = `${list.id}_item_${index}`));
});
$(document).on("awesomplete-close", ({ target }) => target.removeAttribute("aria-activedescendant"));
