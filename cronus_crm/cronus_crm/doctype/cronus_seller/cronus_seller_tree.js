frappe.treeview_settings["Cronus Seller"] = {
	breadcrumb: "Cronus CRM",
	title: __("Sellers"),
	get_tree_nodes: "cronus_crm.api.masters.list_sellers",
	ignore_fields: ["parent_cronus_seller"],
};
