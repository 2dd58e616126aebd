frappe.ui.form.on("Cronus Activity", {
	setup(frm) {
		frm.set_query("activity_type", () => ({ filters: { disabled: 0 } }));
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1 } }));
	},

	refresh(frm) {
		if (frm.is_new() || frm.doc.state !== "Pending") return;
		frm.add_custom_button(__("Mark as done"), () => finish(frm)).addClass("btn-primary");
	},
});

function finish(frm) {
	frappe.prompt(
		[
			{
				fieldname: "result",
				label: __("Result"),
				fieldtype: "Select",
				options: frm.get_docfield("result").options,
			},
			{ fieldname: "notes", label: __("Notes"), fieldtype: "Small Text" },
		],
		async ({ result, notes }) => {
			await frm.set_value({ state: "Done", result });
			if (notes) {
				const said = frappe.utils.escape_html(notes);
				await frm.set_value("notes", `${frm.doc.notes || ""}<p>${said}</p>`);
			}
			await frm.save();
		},
		__("What came of it?"),
		__("Mark as done")
	);
}
