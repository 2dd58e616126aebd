// The way back to our workspace, above records whose module has none, and lists in the plural. Frappe 15 and 16 have no hook
// for either.
import { list_title } from "../lists/list_titles";

const { breadcrumbs } = frappe;
const WORKSPACE_MODULE = "Cronus CRM";
const has_workspace = (module) => (frappe.boot.allowed_workspaces || []).some((workspace) => workspace.module === module);

for (const module of ["Cronus Billing", "Cronus Exchange", "Cronus Analytics"]) {
	if (!has_workspace(module)) breadcrumbs.module_map[module] ??= WORKSPACE_MODULE;
}
if (has_workspace(WORKSPACE_MODULE)) {
	for (const doctype of ["Contact", "Address"]) breadcrumbs.preferred[doctype] ??= WORKSPACE_MODULE;
}

const { set_list_breadcrumb } = breadcrumbs;
breadcrumbs.set_list_breadcrumb = function (shown) {
	set_list_breadcrumb.call(this, shown);
	const title = list_title(shown.doctype);
	if (title !== __(shown.doctype)) this.$breadcrumbs.find("li").last().find("a").text(title);
};
