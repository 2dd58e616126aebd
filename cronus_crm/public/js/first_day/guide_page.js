// The page *Getting started*: its steps, which of them are done, and the way from one to the next.
frappe.provide("cronus_crm.first_day");

cronus_crm.first_day.call = (method, args) => frappe.xcall(`cronus_crm.api.first_day.${method}`, args);

// Filled by the modules of the steps: name → { title, why, render(body, page) }.
cronus_crm.first_day.steps = {};

const STATES = {
	done: () => __("Already done"),
	skipped: () => __("Skipped"),
	next: () => __("Next step"),
	open: () => "",
};

cronus_crm.first_day.GuidePage = class GuidePage {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({ parent: wrapper, title: __("Getting started"), single_column: true });
		this.body = document.createElement("div");
		this.body.className = "first-day";
		this.page.main.append(this.body);
	}

	// Reads what is done and shows the steps; `open` is the name of the one to unfold, by default the next.
	async reload(open) {
		this.data = await cronus_crm.first_day.call("read_guide");
		if (this.data.may_take_role) return this.offer_role();
		const next = this.data.steps.find(({ state }) => state === "next");
		this.body.replaceChildren(this.make_head(next));
		this.data.steps.forEach((step, index) => this.body.append(this.make_step(step, index + 1)));
		this.unfold(open || next?.name, { scroll: Boolean(open) });
	}

	offer_role() {
		const text = document.createElement("p");
		text.textContent = __(
			"You manage the system. To set up the CRM you also need the role {0}, which you may give to yourself.",
			[__("Cronus Administrator")]
		);
		const button = cronus_crm.first_day.make_button(__("Take the role and begin"), "primary", async () => {
			await cronus_crm.first_day.call("take_role");
			window.location.reload();
		});
		this.body.replaceChildren(text, button);
	}

	make_head(next) {
		const head = document.createElement("div");
		const done = this.data.steps.filter(({ state }) => state === "done").length;
		if (next) {
			head.className = "first-day-intro text-muted";
			head.textContent = __(
				"Six steps to the first proforma; {0} are done. Each one is saved by itself: go on whenever you like, and skip what you do not need.",
				[done]
			);
			return head;
		}
		head.className = "first-day-end";
		const text = document.createElement("p");
		text.textContent = __("Your company is set up. Your sellers can sign in and sell.");
		const open = (label, ...route) => cronus_crm.first_day.make_button(label, "default", () => frappe.set_route(...route));
		const actions = document.createElement("div");
		actions.className = "first-day-actions";
		actions.append(
			open(__("Go to the workspace"), "Workspaces", "Cronus CRM"),
			open(__("All settings"), "Form", "Cronus CRM Settings")
		);
		if (this.data.practice?.customer) actions.append(cronus_crm.first_day.make_practice_removal(this));
		head.append(text, actions);
		return head;
	}

	make_step({ name, state }, number) {
		const step = cronus_crm.first_day.steps[name];
		const details = document.createElement("details");
		details.className = "first-day-step";
		details.dataset.step = name;
		details.dataset.state = state;
		const summary = document.createElement("summary");
		const mark = document.createElement("span");
		mark.className = "first-day-number";
		mark.textContent = state === "done" ? "✓" : number;
		const title = document.createElement("h3");
		title.textContent = step.title();
		const label = document.createElement("span");
		label.className = "first-day-state";
		label.textContent = STATES[state]();
		summary.append(mark, title, label);
		const body = document.createElement("div");
		body.className = "first-day-body";
		details.append(summary, body);
		// Drawn when it is unfolded: each step has fields of its own.
		details.addEventListener("toggle", () => {
			if (details.open && !body.childElementCount) this.draw_step(name, state, body);
		});
		return details;
	}

	draw_step(name, state, body) {
		const step = cronus_crm.first_day.steps[name];
		const why = document.createElement("p");
		why.className = "text-muted";
		why.textContent = step.why();
		const content = document.createElement("div");
		const actions = document.createElement("div");
		actions.className = "first-day-actions";
		body.append(why, content, actions);
		step.render(content, actions, this);
		if (state === "done") return;
		const skipped = state === "skipped";
		const skip = cronus_crm.first_day.make_button(
			skipped ? __("Do not skip") : __("Skip this step"),
			"default",
			async () => {
				await cronus_crm.first_day.call("skip_step", { step: name, skipped: skipped ? 0 : 1 });
				this.reload(skipped ? name : undefined);
			}
		);
		skip.classList.add("first-day-skip");
		actions.append(skip);
	}

	unfold(name, { scroll }) {
		const step = this.body.querySelector(`[data-step="${name}"]`);
		if (!step) return;
		step.open = true;
		if (scroll) step.scrollIntoView({ block: "start" });
	}
};

// A button that does nothing while its work is under way.
cronus_crm.first_day.make_button = function (label, kind, work) {
	const button = document.createElement("button");
	button.type = "button";
	button.className = `btn btn-sm btn-${kind}`;
	button.textContent = label;
	button.addEventListener("click", async () => {
		button.disabled = true;
		try {
			await work();
		} finally {
			button.disabled = false;
		}
	});
	return button;
};

// Fields in a part of the page. Gives back the group, whose `get_values` tells what is missing.
cronus_crm.first_day.make_fields = function (parent, fields) {
	const holder = document.createElement("div");
	parent.append(holder);
	const group = new frappe.ui.FieldGroup({ fields, body: holder, no_submit_on_enter: true });
	group.make();
	return group;
};
