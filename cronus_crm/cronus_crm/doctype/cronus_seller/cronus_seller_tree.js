frappe.treeview_settings["Cronus Seller"] = {
	breadcrumb: "Cronus CRM",
	title: __("Sellers"),
	get_tree_nodes: "cronus_crm.cronus_crm.doctype.cronus_seller.cronus_seller.get_children",
	ignore_fields: ["parent_cronus_seller"],
};
