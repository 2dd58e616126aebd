// Dialogs and actions for activities. Form, list, prospect, agenda and the page of pending activities use them.
frappe.provide("cronus_crm.activities");

const SERVER = "cronus_crm.api.activities";

const count_activities = (number) =>
	cronus_crm.one_or_many(number, __("1 activity"), __("{0} activities", [number]));

const when_next_is_planned = {
	reqd: 0,
	depends_on: "eval:doc.plan_next",
	mandatory_depends_on: "eval:doc.plan_next",
};

Object.assign(cronus_crm.activities, {
	// Dialog that finishes a pending activity and optionally plans the next one. after({ activity, next }): called
	// when the server has saved both.
	async finish(name, { after } = {}) {
		const [suggested, results, types] = await Promise.all([
			frappe.xcall(`${SERVER}.suggest_next`, { activity: name }),
			load_field_options("result"),
			load_types(),
		]);
		const dialog = new frappe.ui.Dialog({
			title: __("What came of it?"),
			fields: [
				{ fieldname: "about", fieldtype: "HTML", options: heading_html(suggested.subject) },
				{ fieldname: "result", fieldtype: "Select", label: __("Result"), options: results },
				{ fieldname: "notes", fieldtype: "Small Text", label: __("What was learnt") },
				{ fieldtype: "Section Break" },
				{ fieldname: "plan_next", fieldtype: "Check", label: __("Plan the next one") },
				{ ...type_field(types, suggested.activity_type), ...when_next_is_planned },
				{ ...subject_field(suggested.subject), ...when_next_is_planned },
				{ fieldtype: "Column Break" },
				{ ...start_field(suggested.starts_on), ...when_next_is_planned },
				{
					fieldname: "next_notes",
					fieldtype: "Small Text",
					label: __("Notes for the next one"),
					depends_on: when_next_is_planned.depends_on,
				},
			],
			primary_action_label: __("Mark as done"),
			primary_action: async (values) => {
				const done = await call_once(dialog, "finish", {
					activity: name,
					result: values.result,
					notes: values.notes,
					next_activity: values.plan_next ? build_next_activity(values) : null,
				});
				frappe.show_alert({ message: finished_message(done), indicator: "green" });
				after?.(done);
			},
		});
		dialog.show();
	},

	// Dialog that postpones a pending activity. after({ starts_on, ends_on }): called when it is saved.
	async postpone(name, { after } = {}) {
		const [{ message: activity }, choices] = await Promise.all([
			frappe.db.get_value("Cronus Activity", name, ["subject"]),
			frappe.xcall(`${SERVER}.suggest_postponements`, { activity: name }),
		]);
		const dialog = postpone_dialog(activity.subject, choices, async ({ starts_on }) => {
			const moved = await call_once(dialog, "postpone", { activity: name, starts_on });
			const when = frappe.format(moved.starts_on, { fieldtype: "Datetime" });
			frappe.show_alert({ message: __("Postponed to {0}", [when]), indicator: "blue" });
			after?.(moved);
		});
		dialog.show();
	},

	// Dialog for a new activity with the main fields. values: initial values, and the links of the activity.
	// after(doc): called when it is saved.
	async plan_activity(values = {}, { after } = {}) {
		const types = await load_types();
		const dialog = new frappe.ui.Dialog({
			title: __("New activity"),
			fields: [
				type_field(types, values.activity_type),
				subject_field(values.subject),
				{ fieldtype: "Column Break" },
				start_field(values.starts_on),
				{ fieldname: "place", fieldtype: "Data", label: __("Place"), default: values.place },
				{ fieldtype: "Section Break" },
				{ fieldname: "notes", fieldtype: "Small Text", label: __("Notes") },
			],
			primary_action_label: __("Save"),
			primary_action: async (entered) => {
				dialog.disable_primary_action();
				try {
					const made = await frappe.db.insert({
						doctype: "Cronus Activity",
						...values,
						...to_document_values(entered),
					});
					dialog.hide();
					frappe.show_alert({ message: __("Activity planned"), indicator: "green" });
					after?.(made);
				} finally {
					dialog.enable_primary_action();
				}
			},
			secondary_action_label: __("Full form"),
			secondary_action: () => {
				dialog.hide();
				frappe.new_doc("Cronus Activity", { ...values, ...to_document_values(dialog.get_values(true)) });
			},
		});
		dialog.show();
	},

	async reopen(name, { after } = {}) {
		await frappe.xcall(`${SERVER}.reopen`, { activity: name });
		after?.();
	},

	stop_repeating(name, { after } = {}) {
		frappe.confirm(__("Stop repeating this activity? Those already made stay."), async () => {
			await frappe.xcall(`${SERVER}.stop_repetition`, { activity: name });
			after?.();
		});
	},

	// One after the other. The desk shows the errors of the server, and the others are still finished.
	finish_all(names) {
		return run_for_each(names, (activity) => frappe.xcall(`${SERVER}.finish`, { activity }));
	},

	// Dialog that moves all of them to the same date and hour. after(): called at the end.
	async postpone_all(names, { after } = {}) {
		const choices = await frappe.xcall(`${SERVER}.suggest_postponements`);
		const dialog = postpone_dialog(count_activities(names.length), choices, async ({ starts_on }) => {
			dialog.hide();
			await run_for_each(names, (activity) => frappe.xcall(`${SERVER}.postpone`, { activity, starts_on }));
			after?.();
		});
		dialog.show();
	},
});

const load_types = () => cronus_crm.load_masters("Cronus Activity Type");

function type_field(types, value) {
	return {
		fieldname: "activity_type",
		fieldtype: "Select",
		options: types,
		label: __("Type"),
		default: value,
		reqd: 1,
	};
}

function subject_field(value) {
	return { fieldname: "subject", fieldtype: "Data", label: __("Subject"), default: value, reqd: 1 };
}

function start_field(value) {
	return { fieldname: "starts_on", fieldtype: "Datetime", label: __("Starts on"), default: value, reqd: 1 };
}

function heading_html(text) {
	return `<p class="bold">${frappe.utils.escape_html(text || "")}</p>`;
}

function load_field_options(fieldname) {
	return new Promise((resolve) =>
		frappe.model.with_doctype("Cronus Activity", () =>
			resolve(frappe.meta.get_docfield("Cronus Activity", fieldname).options)
		)
	);
}

function build_next_activity({ activity_type, starts_on, subject, next_notes }) {
	return { activity_type, starts_on, subject, notes: next_notes };
}

// Converts the plain text of the notes to HTML.
function to_document_values({ notes, ...values }) {
	if (notes) values.notes = `<p>${frappe.utils.escape_html(notes).replace(/\n/g, "<br>")}</p>`;
	return values;
}

function finished_message({ next }) {
	if (!next) return __("Done");
	const link = frappe.utils.get_form_link("Cronus Activity", next, true, __("the next one"));
	return __("Done; {0} is planned", [link]);
}

// Calls the server with the button disabled, so that a double click sends one request. Closes the dialog unless
// there is an error.
async function call_once(dialog, method, args) {
	dialog.disable_primary_action();
	try {
		const answer = await frappe.xcall(`${SERVER}.${method}`, args);
		dialog.hide();
		return answer;
	} finally {
		dialog.enable_primary_action();
	}
}

async function run_for_each(names, act) {
	for (const [index, name] of names.entries()) {
		frappe.show_progress(__("Activities"), index + 1, names.length, "", true);
		await act(name).catch(() => {});
	}
}

// choices: what the server suggests, see api/activities.py
function postpone_dialog(subject, choices, primary_action) {
	const labels = {
		hour: __("In an hour"),
		tomorrow: __("Tomorrow"),
		working_day: __("Next working day"),
		three_days: __("In 3 days"),
		week: __("Next week"),
	};
	const buttons = choices.map(
		({ choice, starts_on }, index) =>
			`<button type="button" class="btn btn-default btn-sm mr-2 mb-2" data-choice="${index}"
				title="${frappe.datetime.str_to_user(starts_on)}">${labels[choice]}</button>`
	);
	const dialog = new frappe.ui.Dialog({
		title: __("Postpone"),
		fields: [
			{
				fieldname: "choices",
				fieldtype: "HTML",
				options: `${heading_html(subject)}<div>${buttons.join("")}</div>`,
			},
			start_field(choices[1].starts_on),
		],
		primary_action_label: __("Postpone"),
		primary_action,
	});
	dialog.get_field("choices").$wrapper[0].addEventListener("click", ({ target }) => {
		const choice = choices[target.dataset.choice];
		if (choice) dialog.set_value("starts_on", choice.starts_on);
	});
	return dialog;
}
