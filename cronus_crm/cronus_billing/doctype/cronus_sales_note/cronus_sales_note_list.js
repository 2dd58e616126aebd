frappe.listview_settings["Cronus Sales Note"] = cronus_crm.chain.list_settings("Cronus Sales Note", {
	Draft: "red",
	Issued: "blue",
	"Partly invoiced": "yellow",
	Invoiced: "green",
	Cancelled: "gray",
});
