// The address of the agenda, for links of workspaces: they lead to a page or to the list of a DocType, not to its calendar.
frappe.pages["cronus-agenda"].on_page_show = () => {
	frappe.route_flags.replace_route = true;
	frappe.set_route("List", "Cronus Activity", "Calendar", "default");
};
