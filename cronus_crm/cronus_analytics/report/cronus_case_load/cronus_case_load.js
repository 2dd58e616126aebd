frappe.query_reports["Cronus Case Load"] = {
	filters: [cronus_crm.case_reports.team_field()],
	formatter: cronus_crm.case_reports.linked_formatter((fieldname, row) => {
		const { list_of_open } = cronus_crm.case_reports;
		const by_category = { new: "New", open: "Open", waiting_for_us: "Waiting for us", waiting_for_them: "Waiting for them" };
		if (fieldname === "number") return list_of_open(row);
		if (fieldname in by_category) return list_of_open(row, { category: by_category[fieldname] });
		return null;
	}),
};
