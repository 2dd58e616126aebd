// Actions on activities that exist. Form, list, agenda and the page of pending activities use them.
import { bind_when_buttons, when_buttons_html } from "./when_buttons";

frappe.provide("cronus_crm.activities");

const SERVER = "cronus_crm.api.activities";

const count_activities = (number) =>
	cronus_crm.one_or_many(number, __("1 activity"), __("{0} activities", [number]));

Object.assign(cronus_crm.activities, {
	// Dialog that finishes a pending activity and optionally plans the next one. after({ activity, next }): called
	// when the server has saved both.
	async finish(name, { after } = {}) {
		const { subject, activity_type } = await frappe.xcall(`${SERVER}.suggest_next`, { activity: name });
		return cronus_crm.activities.open_dialog({ finished: { name, subject, activity_type } }, { after });
	},

	// Dialog that postpones a pending activity, at a click on one of its moments. after({ starts_on, ends_on }): called
	// when it is saved.
	async postpone(name, { after } = {}) {
		const [{ message: activity }, choices] = await Promise.all([
			frappe.db.get_value("Cronus Activity", name, ["subject"]),
			frappe.xcall(`${SERVER}.suggest_postponements`, { activity: name }),
		]);
		ask_moment(activity.subject, choices, async ({ starts_on }) => {
			const moved = await frappe.xcall(`${SERVER}.postpone`, { activity: name, starts_on });
			const when = frappe.format(moved.starts_on, { fieldtype: "Datetime" });
			frappe.show_alert({ message: __("Postponed to {0}", [when]), indicator: "blue" });
			after?.(moved);
		});
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

	// Dialog that moves all of them to the same day, each at its hour, or to the same date and hour. after(): called at
	// the end.
	async postpone_all(names, { after } = {}) {
		const choices = await frappe.xcall(`${SERVER}.suggest_postponements`);
		ask_moment(count_activities(names.length), choices, async ({ choice, starts_on, day }) => {
			const to = choice && choice !== "hour" ? { day } : { starts_on };
			await run_for_each(names, (activity) => frappe.xcall(`${SERVER}.postpone`, { activity, ...to }));
			after?.();
		});
	},
});

async function run_for_each(names, act) {
	for (const [index, name] of names.entries()) {
		frappe.show_progress(__("Activities"), index + 1, names.length, "", true);
		await act(name).catch(() => {});
	}
}

// Asks for a moment: a click on a button answers at once, another date is written and confirmed.
// choices: what the server suggests, see api/activities.py. on_answer(choice, or { starts_on }): a promise, during which
// nothing else can be answered; the dialog stays open after an error.
function ask_moment(heading, choices, on_answer) {
	const dialog = new frappe.ui.Dialog({
		title: __("Postpone"),
		fields: [
			{
				fieldname: "choices",
				fieldtype: "HTML",
				options: `<p class="bold">${frappe.utils.escape_html(heading || "")}</p>
					${when_buttons_html(choices, __("Postpone to"))}`,
			},
			{
				fieldname: "starts_on",
				fieldtype: "Datetime",
				label: __("Another date"),
				default: choices[1].starts_on,
				reqd: 1,
			},
		],
		no_submit_on_enter: true,
		primary_action_label: __("Postpone"),
		primary_action: ({ starts_on }) => answer({ starts_on }),
	});
	const buttons = dialog.get_field("choices").$wrapper[0];
	let is_answered = false;
	const answer = async (choice) => {
		if (is_answered) return;
		is_answered = true;
		try {
			// Its closing gives the focus back, which the answer may want elsewhere.
			const hidden = new Promise((resolve) => dialog.$wrapper.one("hidden.bs.modal", resolve));
			dialog.hide();
			await hidden;
			await on_answer(choice);
		} catch (error) {
			is_answered = false;
			dialog.show();
		}
	};
	bind_when_buttons(buttons, choices, answer);
	dialog.on_page_show = () => buttons.querySelector("[data-when]").focus();
	dialog.show();
	return dialog;
}
