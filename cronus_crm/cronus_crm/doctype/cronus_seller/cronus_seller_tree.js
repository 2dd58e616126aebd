frappe.treeview_settings["Cronus Seller"] = {
	breadcrumb: "Cronus CRM",
	title: __("Sellers"),
	get_tree_nodes: "cronus_crm.api.masters.list_sellers",
	// The root stands above the sellers who report to nobody: see `onload`.
	get_tree_root: false,
	ignore_fields: ["parent_cronus_seller"],
	// What a new seller needs. The framework asks only for mandatory fields, and a person needs a user.
	fields: [
		{ fieldtype: "Data", fieldname: "seller_name", label: __("Seller"), reqd: 1 },
		{
			fieldtype: "Link",
			fieldname: "user",
			label: __("User"),
			options: "User",
			description: __("Who signs in as this seller. A team, which others report to, may go without."),
		},
		{ fieldtype: "Check", fieldname: "is_group", label: __("Others report to this one") },
	],
	onload(treeview) {
		// The framework takes the first seller for the root, and shows “undefined” where there is none.
		treeview.root_label = __("All sellers");
		treeview.root_value = "";
		treeview.make_tree();
		if (frappe.boot.page_info?.["cronus-getting-started"]) {
			treeview.page.add_inner_button(__("Enter several at once"), () => frappe.set_route("cronus-getting-started"));
		}
	},
};
