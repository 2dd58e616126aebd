frappe.treeview_settings["Cronus Seller"] = {
	breadcrumb: "Cronus CRM",
	title: __("Sellers"),
	get_tree_root: false,
	root_label: __("Sellers"),
	ignore_fields: ["parent_cronus_seller"],
};
