frappe.listview_settings["Cronus Delivery Note"] = cronus_crm.chain.list_settings("Cronus Delivery Note", {
	Draft: "red",
	Issued: "blue",
	"Partly invoiced": "yellow",
	Invoiced: "green",
	Cancelled: "gray",
});
