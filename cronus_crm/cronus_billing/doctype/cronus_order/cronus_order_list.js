frappe.listview_settings["Cronus Order"] = cronus_crm.chain.list_settings("Cronus Order", {
	Draft: "red",
	Issued: "blue",
	"Partly delivered": "yellow",
	Delivered: "cyan",
	"Partly invoiced": "yellow",
	Invoiced: "cyan",
	Completed: "green",
	Late: "orange",
	Cancelled: "gray",
});
