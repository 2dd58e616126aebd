// Limits of users by module, and who takes the seats.

frappe.ui.form.on("Cronus Capacity", {
	async refresh(frm) {
		show_each_module_once(frm.get_field("limits").grid);
		const { message } = await frappe.call("cronus_crm.api.seats.read_capacity");
		frm.get_field("use_html").$wrapper.html(draw_capacity(message));
	},
});

// Each module has its row: none is added or removed.
function show_each_module_once(grid) {
	grid.cannot_add_rows = grid.df.cannot_add_rows = true;
	grid.df.cannot_delete_rows = grid.df.cannot_delete_all_rows = true;
	grid.update_docfield_property("module_name", "read_only", 1);
	grid.refresh();
	// The framework shows the buttons of a table that can be edited, whatever it is told.
	grid.wrapper.find(".grid-footer").hide();
}

function draw_capacity({ capacity, modules }) {
	const escape = frappe.utils.escape_html;
	const head = capacity
		? __("The capacity of the CRM is {0} users: the smallest limit, which is that of {1}.", [
				capacity.limit,
				escape(__(capacity.module)),
		  ])
		: __("No module has a limit: the capacity of the CRM is free.");
	return `<p class="cronus-capacity">${head}</p>${modules.map(draw_module).join("")}`;
}

function draw_module({ module, limit, used, holders }) {
	const escape = frappe.utils.escape_html;
	const taken = limit
		? __("{0} of {1} seats are taken", [used, limit])
		: __("{0} seats are taken, no limit", [used]);
	const color = !limit ? "gray" : used >= limit ? "red" : used * 10 >= limit * 9 ? "orange" : "green";
	const rows = holders.map(
		({ user, full_name, roles }) => `
			<tr>
				<td>${escape(full_name)}</td>
				<td>${escape(user)}</td>
				<td>${roles.map((role) => escape(__(role))).join(", ")}</td>
			</tr>`
	);
	const table = `
		<div class="table-responsive">
			<table class="table table-bordered table-sm">
				<thead><tr>
					<th>${__("User")}</th><th>${__("E-mail")}</th><th>${__("Roles")}</th>
				</tr></thead>
				<tbody>${rows.join("")}</tbody>
			</table>
		</div>`;
	return `
		<h5>${escape(__(module))} <span class="indicator-pill ${color}">${taken}</span></h5>
		${holders.length ? table : `<p class="text-muted">${__("Nobody")}</p>`}`;
}
