frappe.listview_settings["Proforma"] = cronus_crm.chain.list_settings("Proforma", {
	Draft: "red",
	Issued: "blue",
	Ordered: "cyan",
	"Partly invoiced": "yellow",
	Invoiced: "green",
	Expired: "orange",
	Cancelled: "gray",
});
