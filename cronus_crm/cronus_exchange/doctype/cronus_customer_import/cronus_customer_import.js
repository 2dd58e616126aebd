// Leads through an import: choose the file, see it read, dry run, run, undo. What can be done next is the primary
// button; what was found stands above the choices.
const SERVER = "cronus_crm.api.imports";
const POLL_MILLISECONDS = 2000;
const WORKING = ["Checking", "Running", "Checking undo", "Undoing"];
const escape = frappe.utils.escape_html;

// Choices after which the columns are read anew.
const READING_FIELDS = ["encoding", "separator", "quote", "sheet", "heading_line"];

frappe.ui.form.on("Cronus Customer Import", {
	setup(frm) {
		frm.set_query("kept_mapping", () => ({ filters: { target: frm.doc.target } }));
		frm.set_query("default_seller", () => ({ filters: { enabled: 1 } }));
		frm.set_query("seller", "sellers", () => ({ filters: { enabled: 1 } }));
	},

	target: (frm) => load_fields(frm),

	refresh(frm) {
		clearTimeout(frm.poll);
		load_fields(frm);
		show_sections(frm);
		add_buttons(frm);
		show_overview(frm);
		if (frm.is_new()) frm.set_intro(__("Choose what is imported, and save. Then choose the file."), "blue");
	},

	after_save(frm) {
		// A new file is read at once.
		if (frm.doc.state === "Draft" && frm.doc.file) return read_file(frm);
		if (frm.reread) {
			frm.reread = false;
			return call_and_show(frm, "reread_file");
		}
	},
	...Object.fromEntries(READING_FIELDS.map((name) => [name, (frm) => (frm.reread = true)])),
});

// The fields of the target, for the column *Becomes*: its values are keys, of which people see the labels.
async function load_fields(frm) {
	const target = frm.doc.target;
	if (!target) return;
	if (frm.fields_of !== target) {
		frm.fields_of = target;
		frm.target_fields = (await frappe.call(`${SERVER}.list_fields`, { target })).message;
	}
	if (!frm.target_fields) return;
	const labels = Object.fromEntries(frm.target_fields.map(({ value, label }) => [value, label]));
	const grid = frm.get_field("columns").grid;
	const common = frappe.meta.get_docfield("Cronus Import Column", "target_field");
	const formatter = (value) => escape(labels[value] || value || "");
	// Rows that are drawn later copy the common definition; those that are there have their own.
	Object.assign(common, { options: frm.target_fields, formatter });
	grid.update_docfield_property("target_field", "options", frm.target_fields);
	grid.update_docfield_property("target_field", "formatter", formatter);
	grid.refresh();
	// Its rows are the columns of the file. Frappe 15 shows these buttons for all that.
	grid.wrapper.find(".grid-add-row, .grid-add-multiple-rows, .grid-upload").hide();
}

function show_sections(frm) {
	const is_read = !frm.is_new() && frm.doc.state !== "Draft";
	const is_text = !frm.doc.sheet;
	const sections = ["reading_section", "columns_section", "writing_section", "figures_section"];
	sections.forEach((name) => frm.toggle_display(name, is_read));
	["encoding", "separator", "quote"].forEach((name) => frm.toggle_display(name, is_text));
	frm.toggle_display("sheet", !is_text);
	const has_seller = !["Products", "Prices"].includes(frm.doc.target);
	["seller_rule", "default_seller", "sellers"].forEach((name) => frm.toggle_display(name, has_seller));
	frm.toggle_display("kept_mapping", !frm.is_new());
	const is_over = WORKING.includes(frm.doc.state) || frm.doc.records_created || frm.doc.records_updated;
	frm.set_df_property("columns", "read_only", is_over ? 1 : 0);
	frm.set_df_property("columns", "cannot_add_rows", true);
	frm.set_df_property("columns", "cannot_delete_rows", true);
}

function add_buttons(frm) {
	add_template_buttons(frm);
	if (frm.is_new()) return;
	const { state, file } = frm.doc;
	const actions = {
		Draft: file && [__("Read the file"), () => read_file(frm)],
		"File read": [__("Dry run"), () => start(frm, "check")],
		"Dry run made": [__("Import now"), () => confirm_run(frm)],
		Stopped: [__("Go on"), () => start(frm, "resume")],
		Failed: [__("Go on"), () => start(frm, "resume")],
	};
	const action = WORKING.includes(state) ? [__("Stop"), () => start(frm, "stop")] : actions[state];
	if (action && !frm.is_dirty()) frm.page.set_primary_action(...action);
	if (["File read", "Dry run made"].includes(state)) {
		frm.add_custom_button(__("Keep these choices"), () => keep_mapping(frm));
		if (state === "Dry run made") frm.add_custom_button(__("Dry run"), () => start(frm, "check"));
		if (frm.doc.kept_mapping) frm.add_custom_button(__("The same again"), () => use_mapping(frm));
	}
	if (["Done", "Undone", "Stopped"].includes(state) && frm.doc.records_created + frm.doc.records_updated) {
		frm.add_custom_button(__("See what can be undone"), () => start(frm, "check_undo"), __("Undo"));
		if (frm.doc.records_to_undo) frm.add_custom_button(__("Undo"), () => confirm_undo(frm), __("Undo"));
	}
	// Whoever came from the first day's guide goes on there.
	if (state === "Done" && cronus_crm.first_day?.pasted) {
		frm.add_custom_button(__("Open the guide"), () => frappe.set_route("cronus-getting-started"));
	}
}

function add_template_buttons(frm) {
	if (!frm.doc.target) return;
	const kinds = { Empty: __("Empty"), Examples: __("With examples"), Records: __("With the records of today") };
	for (const [contents, label] of Object.entries(kinds)) {
		frm.add_custom_button(label, () => download("download_template", { target: frm.doc.target, contents }), __("Template"));
	}
}

const download = (method, args) => open_url_post(`/api/method/${SERVER}.${method}`, args);

async function call_and_show(frm, method, args = {}) {
	const { message } = await frappe.call({
		method: `${SERVER}.${method}`,
		args: { name: frm.doc.name, ...args },
		freeze: true,
		freeze_message: __("Reading the file"),
	});
	frm.preview = message;
	await frm.reload_doc();
}

const read_file = (frm) => call_and_show(frm, "read_file");

async function start(frm, method) {
	if (frm.is_dirty()) await frm.save();
	await frappe.call(`${SERVER}.${method}`, { name: frm.doc.name });
	await frm.reload_doc();
}

function confirm_run(frm) {
	const text = __("{0} new and {1} changed rows are written. {2} are left out.", [
		frm.doc.rows_new,
		frm.doc.rows_changed,
		frm.doc.rows_read - frm.doc.rows_new - frm.doc.rows_changed,
	]);
	frappe.confirm(`${text}<br>${__("It can be undone afterwards.")}`, () => start(frm, "run"));
}

function confirm_undo(frm) {
	const text = __("{0} records are undone, and {1} stay as they are.", [
		frm.doc.records_to_undo,
		frm.doc.records_not_undone,
	]);
	frappe.confirm(text, () => start(frm, "undo"));
}

function keep_mapping(frm) {
	frappe.prompt(
		{ fieldname: "mapping_name", fieldtype: "Data", label: __("Name"), reqd: 1, default: frm.doc.kept_mapping },
		async ({ mapping_name }) => {
			await frappe.call(`${SERVER}.keep_mapping`, { name: frm.doc.name, mapping_name });
			frappe.show_alert(__("Kept as {0}. The next file can be read the same way.", [escape(mapping_name)]));
		},
		__("Keep these choices"),
		__("Keep")
	);
}

const use_mapping = (frm) => call_and_show(frm, "use_mapping", { mapping_name: frm.doc.kept_mapping });

async function show_overview(frm) {
	const place = frm.get_field("overview_html").$wrapper[0];
	place.innerHTML = steps_html(frm.doc);
	if (frm.is_new() || frm.doc.state === "Draft") return;
	const name = frm.doc.name;
	if (WORKING.includes(frm.doc.state)) return poll(frm, place);
	place.innerHTML = steps_html(frm.doc) + results_html(frm.doc) + error_html(frm.doc);
	place.onclick = (event) => open_result(frm, event.target.closest("[data-outcome], [data-download], [data-journal]"));
	if (!["File read", "Dry run made"].includes(frm.doc.state)) return;
	if (!frm.preview || frm.preview.name !== name) {
		const { message } = await frappe.call(`${SERVER}.preview_file`, { name });
		frm.preview = { ...message, name };
	}
	if (frm.doc.name !== name) return;
	frm.set_df_property("sheet", "options", frm.preview.sheets);
	place.insertAdjacentHTML("beforeend", preview_html(frm.preview));
}

async function poll(frm, place) {
	const name = frm.doc.name;
	const { message: progress } = await frappe.call({ method: `${SERVER}.read_progress`, args: { name } });
	if (frm.doc.name !== name || !document.body.contains(place)) return;
	if (!progress.is_working) return frm.reload_doc();
	place.innerHTML = steps_html(frm.doc) + progress_html(progress);
	frm.poll = setTimeout(() => poll(frm, place), POLL_MILLISECONDS);
}

function steps_html(doc) {
	const steps = [__("Choose the file"), __("See it read"), __("Dry run"), __("Import now")];
	const place = { Draft: 0, "File read": 1, Checking: 2, "Dry run made": 2, Running: 3, Done: 4, Undone: 4 };
	const now = doc.__islocal ? 0 : place[doc.state] ?? 3;
	const items = steps.map((label, number) => {
		const colour = number < now ? "green" : number === now ? "blue" : "gray";
		return `<span class="indicator-pill ${colour} mr-2">${number + 1}. ${label}</span>`;
	});
	return `<p class="cronus-import-steps">${items.join("")}</p>`;
}

function progress_html(progress) {
	const percent = progress.total ? Math.min(100, (100 * progress.rows_done) / progress.total) : 0;
	const texts = [
		__("{0} of {1}", [progress.rows_done || 0, progress.total || "?"]),
		progress.rows_per_second && __("{0} rows per second", [progress.rows_per_second]),
		progress.seconds_left !== null && __("about {0} left", [duration(progress.seconds_left)]),
	];
	return `<div class="progress" role="progressbar" aria-valuenow="${percent}" aria-valuemin="0" aria-valuemax="100">
			<div class="progress-bar" style="width: ${percent}%"></div></div>
		<p class="text-muted" aria-live="polite">${__(progress.state)} · ${texts.filter(Boolean).join(" · ")}</p>`;
}

const duration = (seconds) =>
	seconds < 90 ? __("{0} seconds", [seconds]) : __("{0} minutes", [Math.round(seconds / 60)]);

function results_html(doc) {
	if (!doc.rows_read) {
		return doc.state === "Dry run made" ? `<p>${__("The file has no rows below its headings.")}</p>` : "";
	}
	const outcomes = [
		["New", __("New"), doc.rows_new, "green"],
		["Changed", __("Changed"), doc.rows_changed, "blue"],
		["Unchanged", __("Unchanged"), doc.rows_unchanged, "gray"],
		["Wrong", __("Wrong"), doc.rows_wrong, "red"],
		["Doubled", __("Doubled in the file"), doc.rows_doubled, "orange"],
		["Likely double", __("Likely doubles"), doc.rows_similar, "orange"],
		["Left out", __("Left out"), doc.rows_left_out, "gray"],
		["Refused", __("Refused by the run"), doc.rows_refused, "red"],
	];
	const items = outcomes
		.filter(([, , number]) => number)
		.map(
			([outcome, label, number, colour]) => `<li>
				<span class="indicator-pill ${colour}">${label}: ${number}</span>
				<button type="button" class="btn btn-xs btn-link" data-outcome="${outcome}">${__("Show")}</button>
				<button type="button" class="btn btn-xs btn-link" data-download="${outcome}">${__("As CSV")}</button></li>`
		);
	const written = doc.records_created + doc.records_updated;
	const journal = written
		? `<p>${__("{0} records created, {1} updated.", [doc.records_created, doc.records_updated])}
			<button type="button" class="btn btn-xs btn-link" data-journal>${__("Show")}</button></p>`
		: "";
	return `<p>${__("{0} rows read", [doc.rows_read])}</p><ul class="list-unstyled">${items.join("")}</ul>${journal}`;
}

const error_html = (doc) => (doc.error ? `<p class="text-danger">${escape(doc.error)}</p>` : "");

function open_result(frm, target) {
	if (!target) return;
	const { outcome, download: wanted } = target.dataset;
	if (wanted) return download("download_rows", { name: frm.doc.name, outcome: wanted });
	if (!outcome) return frappe.set_route("List", "Cronus Import Journal", { customer_import: frm.doc.name });
	const shown = frm.doc.records_created && ["New", "Changed"].includes(outcome) ? "Written" : outcome;
	frappe.set_route("List", "Cronus Import Row", { customer_import: frm.doc.name, outcome: shown });
}

function shown_reading(cell, becomes) {
	const shown = "<b>" + escape(becomes) + "</b>";
	return __("“{0}” will be read as {1}", [escape(cell), shown]);
}

function preview_html(preview) {
	const cells = (row, tag) => row.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join("");
	const rows = preview.rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("");
	const examples = preview.columns.map(({ heading, field, examples }) => {
		const lines = examples.map(({ cell, becomes, error }) =>
			error
				? `<li class="text-danger">${escape(cell)}: ${escape(error)}</li>`
				: `<li>${shown_reading(cell, becomes)}</li>`
		);
		return `<div class="col-sm-4"><b>${escape(heading)}</b> → ${escape(field)}<ul>${lines.join("")}</ul></div>`;
	});
	return `<h5>${__("The first rows, as they are read")}</h5>
		<div style="overflow-x: auto"><table class="table table-bordered table-sm">
			<thead><tr>${cells(preview.headings, "th")}</tr></thead><tbody>${rows}</tbody></table></div>
		${examples.length ? `<h5>${__("What the choices below mean")}</h5><div class="row">${examples.join("")}</div>` : ""}`;
}
