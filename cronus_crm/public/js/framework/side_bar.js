// The side bar of Frappe 16 beside a page that stands in several: the framework takes that of the workspace of the page's
// module, and leaves it empty where the user has no such workspace. Then it is that of a workspace that they have.
const side_bar = frappe.ui.Sidebar?.prototype;
const set_workspace_sidebar = side_bar?.set_workspace_sidebar;
const has_workspace = (name) => frappe.boot.workspaces.pages.some((page) => page.name === name);

if (set_workspace_sidebar) {
	side_bar.set_workspace_sidebar = function (router) {
		set_workspace_sidebar.call(this, router);
		if (this.sidebar_title || !this.preferred_sidebars?.length) return;
		this.setup(this.preferred_sidebars.find(has_workspace) || this.preferred_sidebars[0]);
	};
}
