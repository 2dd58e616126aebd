// Shown to users who may not open the workspace *Dashboard*, which has the same address: names the roles that may.
frappe.pages["cronus-dashboard"].on_page_load = async (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Summary"), single_column: true });
	const roles = await frappe.xcall("cronus_crm.api.dashboard.list_roles");
	const names = roles.map((role) => `<b>${frappe.utils.escape_html(role)}</b>`).join(", ");
	const body = document.createElement("div");
	body.className = "cronus-locked text-center";
	body.style.padding = "var(--padding-2xl, 60px) 15px";
	body.innerHTML = `
		<p>${frappe.utils.icon("lock", "xl")}</p>
		<h4>${__("The summary is locked")}</h4>
		<p class="text-muted">${__("It is opened by any of these roles: {0}.", [names])}</p>
		<p class="text-muted">${__("Ask whoever administers the system for one of them.")}</p>`;
	page.main.append(body);
};
