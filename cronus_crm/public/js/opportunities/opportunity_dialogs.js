// Dialogs and HTML for opportunities, used by form, list and board.
frappe.provide("cronus_crm.opportunities");

const LIGHTS = { Green: "green", Amber: "yellow", Red: "red", Grey: "gray" };

Object.assign(cronus_crm.opportunities, {
	// Promise of the stages by name, in the order of the funnel; read once for each page load.
	load_stages() {
		this.stages_promise ??= frappe.db
			.get_list("Cronus Stage", {
				fields: ["name", "state", "color", "disabled"],
				order_by: "position asc, name asc",
				limit: 0,
			})
			.then((stages) => Object.fromEntries(stages.map((stage) => [stage.name, stage])));
		return this.stages_promise;
	},

	// Name of the first enabled stage with that state, or undefined.
	async find_first_stage(state) {
		const stages = Object.values(await this.load_stages());
		return stages.find((stage) => stage.state === state && !stage.disabled)?.name;
	},

	// Name of the stage that follows on the way to a sale, or undefined. stages: those of load_stages.
	find_next_stage(stages, stage) {
		const all = Object.values(stages || {});
		const at = all.findIndex(({ name }) => name === stage);
		if (at < 0 || frappe.boot.cronus.opportunity.finished_states.includes(all[at].state)) return undefined;
		return all.slice(at + 1).find(({ state, disabled }) => !disabled && ["Open", "Won"].includes(state))?.name;
	},

	// Moves an opportunity to another stage, and asks for the reason where that means lost. Returns a promise of whether it
	// was moved; an error of the server is shown by the desk.
	async move({ name, title, stage: from_stage }, to_stage) {
		const lost = (await this.load_stages())[to_stage]?.state === "Not won";
		const reason = lost ? await this.ask_loss_reason(title) : {};
		if (!reason) return false;
		const args = { opportunity: name, from_stage, to_stage, ...reason };
		return frappe.xcall("cronus_crm.api.opportunities.move", args).then(
			() => true,
			() => false
		);
	},

	// Dialog that asks why an opportunity was lost. Returns a promise of { loss_reason, loss_notes }, or of null if it is
	// closed.
	async ask_loss_reason(title) {
		const reasons = await cronus_crm.load_masters("Cronus Loss Reason");
		return new Promise((resolve) => {
			let answer = null;
			const dialog = new frappe.ui.Dialog({
				title: __("Why was {0} not won?", [title]),
				fields: [
					{
						fieldname: "loss_reason",
						fieldtype: "Select",
						options: reasons,
						label: __("Loss reason"),
						reqd: 1,
					},
					{ fieldname: "loss_notes", fieldtype: "Small Text", label: __("What happened") },
				],
				primary_action_label: __("Mark as not won"),
				primary_action(values) {
					answer = values;
					dialog.hide();
				},
			});
			dialog.onhide = () => resolve(answer);
			dialog.show();
		});
	},

	// Dialog that reopens a lost, closed or stalled opportunity. after(): called when it is saved.
	async reevaluate(opportunity, after) {
		const [by_name, types] = await Promise.all([
			this.load_stages(),
			cronus_crm.load_masters("Cronus Activity Type"),
		]);
		const stages = Object.values(by_name);
		const in_course = stages.filter(
			({ state, disabled }) => frappe.boot.cronus.opportunity.states_in_course.includes(state) && !disabled
		);
		const own_stage = in_course.find(({ name }) => name === opportunity.stage);
		const planned = { depends_on: "plan_next", mandatory_depends_on: "plan_next" };
		const dialog = new frappe.ui.Dialog({
			title: __("Re-evaluate {0}", [opportunity.title]),
			fields: [
				{
					fieldname: "stage",
					fieldtype: "Select",
					label: __("Stage"),
					options: in_course.map(({ name }) => cronus_crm.translated_option(name)),
					default: (own_stage || in_course[0])?.name,
					reqd: 1,
				},
				{ fieldname: "reason", fieldtype: "Small Text", label: __("What has changed"), reqd: 1 },
				{ fieldname: "plan_next", fieldtype: "Check", label: __("Plan the next activity") },
				{ fieldname: "subject", fieldtype: "Data", label: __("Subject"), ...planned },
				{
					fieldname: "activity_type",
					fieldtype: "Select",
					options: types,
					label: __("Type"),
					...planned,
				},
				{ fieldname: "starts_on", fieldtype: "Datetime", label: __("Starts on"), ...planned },
			],
			primary_action_label: __("Take up again"),
			async primary_action({ stage, reason, plan_next, subject, activity_type, starts_on }) {
				await cronus_crm.call_once(dialog, "cronus_crm.api.opportunities.reevaluate", {
					opportunity: opportunity.name,
					stage,
					reason,
					next_activity: plan_next ? { subject, activity_type, starts_on } : null,
				});
				after?.();
			},
		});
		dialog.show();
	},

	// HTML of the traffic light of an opportunity or prospect.
	light_html({ light }) {
		const colour = LIGHTS[light] || LIGHTS.Grey;
		return `<span class="indicator ${colour}" title="${__("Traffic light")}: ${__(light)}"></span>`;
	},

	// HTML of the mark of a stalled opportunity; empty for others.
	stalled_mark_html({ stalled }) {
		return cint(stalled) ? `<span class="indicator-pill orange">${__("Stalled")}</span>` : "";
	},
});
