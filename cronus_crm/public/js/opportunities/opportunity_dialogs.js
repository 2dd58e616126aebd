// What is done with an opportunity wherever it is shown: its form, its list, the board.
frappe.provide("cronus_crm.opportunities");

const LIGHTS = { Green: "green", Amber: "yellow", Red: "red", Grey: "gray" };

Object.assign(cronus_crm.opportunities, {
	// Stages by name, in the order of the funnel; asked once for each page load.
	stages() {
		this.asked_stages ??= frappe.db
			.get_list("Cronus Stage", {
				fields: ["name", "state", "color", "disabled"],
				order_by: "position asc, name asc",
				limit: 0,
			})
			.then((stages) => Object.fromEntries(stages.map((stage) => [stage.name, stage])));
		return this.asked_stages;
	},

	// Name of the first stage in use that gives an opportunity that state.
	async first_stage(state) {
		const stages = Object.values(await this.stages());
		return stages.find((stage) => stage.state === state && !stage.disabled)?.name;
	},

	// Asks why an opportunity was lost; gives back { loss_reason, loss_notes }, or null when the question is closed.
	async ask_loss_reason(title) {
		const reasons = await cronus_crm.masters_in_use("Cronus Loss Reason");
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

	// Asks how a lost or stalled opportunity goes on, and takes it up. after() is called once it is done.
	async reevaluate(opportunity, after) {
		const [by_name, types] = await Promise.all([
			this.stages(),
			cronus_crm.masters_in_use("Cronus Activity Type"),
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
					options: in_course.map(({ name }) => cronus_crm.option(name)),
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
				await frappe.xcall("cronus_crm.api.opportunities.reevaluate", {
					opportunity: opportunity.name,
					stage,
					reason,
					next_activity: plan_next ? { subject, activity_type, starts_on } : null,
				});
				dialog.hide();
				after?.();
			},
		});
		dialog.show();
	},

	// HTML of the light of an opportunity or prospect.
	light({ light }) {
		const colour = LIGHTS[light] || LIGHTS.Grey;
		return `<span class="indicator ${colour}" title="${__("Traffic light")}: ${__(light)}"></span>`;
	},

	// HTML of the mark of a stalled opportunity; nothing for one that is not.
	stalled_mark({ stalled }) {
		return cint(stalled) ? `<span class="indicator-pill orange">${__("Stalled")}</span>` : "";
	},
});
