// The dialog of an activity: one that has happened, with what was said and the next step, or one that is planned. It is
// the same everywhere: search bar, pending activities, agenda, lists, and the pages of what an activity is about.
import "./party_field";
import { bind_when_buttons, mark_when_button, when_buttons_html } from "./when_buttons";

frappe.provide("cronus_crm.activities");

const SERVER = "cronus_crm.api.activities";
const USUAL_TYPE = "Call";

const HAPPENED = "eval:doc.mode=='happened'";
const escape = frappe.utils.escape_html;

// values: initial values of the fields; the links of the activity (customer, prospect, contact, opportunity,
// reference_doctype, reference_name) with `customer_name` or `title` for the heading; `party`: whom it is with, { doctype, name, label }; `party_text`: a text to search
// it by; `mode`: "happened" (by default) or "planned"; `next`: initial values of the next step; `finished`: the pending
// activity that is finished, { name, subject, activity_type }.
// after({ activity, next }): called when the server has saved.
cronus_crm.activities.open_dialog = async function (values = {}, { after } = {}) {
	const [types, results, times] = await Promise.all([
		cronus_crm.load_masters("Cronus Activity Type"),
		load_results(),
		read("suggest_times"),
	]);
	const dialog = new RecordDialog({ values, after, types, results, times });
	dialog.show();
	return dialog;
};

class RecordDialog {
	constructor(options) {
		Object.assign(this, options);
		this.links = pick_links(this.values);
		this.is_fixed = Object.keys(this.links).length > 0;
		this.choices = [{ choice: "happened" }, ...this.times, { choice: "date" }];
		this.finished = this.values.finished;
		this.make();
	}

	make() {
		this.dialog = new frappe.ui.Dialog({
			title: this.finished ? __("What came of it?") : find_title(this.values.mode !== "planned"),
			fields: [...(this.finished ? this.finished_fields() : this.activity_fields()), ...this.next_step_fields()],
			no_submit_on_enter: true,
			size: "large",
			primary_action_label: this.finished ? __("Mark as done") : __("Save"),
			primary_action: (entered) => this.save(entered),
		});
		if (!this.finished) {
			this.dialog.set_secondary_action_label(__("Full form"));
			this.dialog.set_secondary_action(() => this.open_form());
			bind_when_buttons(this.element("when"), this.choices, (chosen) => this.choose_when(chosen));
		}
		bind_when_buttons(this.element("next_when"), this.times, ({ starts_on }) =>
			this.dialog.set_value("next_on", starts_on)
		);
		this.field("next_subject").$input.on("input", () => this.propose_next_day());
	}

	finished_fields() {
		return [
			{ fieldname: "about", fieldtype: "HTML", options: `<p class="bold">${escape(this.finished.subject)}</p>` },
			{ fieldname: "mode", fieldtype: "Data", hidden: 1, default: "happened" },
			this.notes_field(),
			...this.result_fields(),
		];
	}

	activity_fields() {
		const { values, types } = this;
		const usual = types.find(({ value }) => value === USUAL_TYPE) || types[0];
		const type = values.activity_type || usual?.value;
		return [
			this.party_field(),
			{ fieldname: "when", fieldtype: "HTML", options: when_buttons_html(this.choices, __("When")) },
			{ fieldname: "mode", fieldtype: "Data", hidden: 1, default: values.mode || "happened" },
			this.notes_field(),
			{ fieldtype: "Section Break", hide_border: 1 },
			{ fieldname: "activity_type", fieldtype: "Select", options: types, label: __("Type"), default: type, reqd: 1 },
			...this.result_fields(),
			{ fieldtype: "Column Break" },
			{ fieldname: "starts_on", fieldtype: "Datetime", label: __("Date and hour"), reqd: 1, change: () => this.show_when() },
			{
				fieldname: "seller",
				fieldtype: "Link",
				options: "Cronus Seller",
				label: __("Seller"),
				default: values.seller,
				hidden: !cronus_crm.sees_others(),
				get_query: () => ({ filters: { enabled: 1 } }),
			},
			{ fieldname: "finishes", fieldtype: "Select", label: __("It finishes"), hidden: 1, depends_on: HAPPENED },
		];
	}

	notes_field() {
		const label = __("What was said");
		return { fieldname: "notes", fieldtype: "Small Text", label, default: this.values.notes, max_height: "90px" };
	}

	result_fields() {
		const { values, results } = this;
		return [
			{
				fieldname: "result",
				fieldtype: "Select",
				label: __("Result"),
				options: results,
				default: values.result,
				depends_on: HAPPENED,
				mandatory_depends_on: values.prospect ? HAPPENED : null,
			},
		];
	}

	party_field() {
		if (!this.is_fixed) return { fieldname: "party", fieldtype: "Cronus Party", label: __("With"), change: () => this.show_pending() };
		const about = [this.values.customer_name, this.values.title].filter(Boolean);
		return { fieldname: "about", fieldtype: "HTML", options: `<p class="bold">${escape(about.join(" · "))}</p>` };
	}

	next_step_fields() {
		const next = this.values.next || {};
		return [
			{ fieldname: "next_section", fieldtype: "Section Break", label: __("Next step"), depends_on: HAPPENED },
			{ fieldname: "next_subject", fieldtype: "Data", label: __("What is to be done"), default: next.subject },
			{ fieldname: "next_when", fieldtype: "HTML", options: when_buttons_html(this.times, __("When the next step is")) },
			{ fieldtype: "Column Break" },
			{ fieldname: "next_type", fieldtype: "Select", options: this.types, label: __("Type"), default: next.activity_type },
			{
				fieldname: "next_on",
				fieldtype: "Datetime",
				label: __("Date and hour"),
				default: next.starts_on,
				change: () => this.mark_next(),
			},
		];
	}

	field(fieldname) {
		return this.dialog.get_field(fieldname);
	}

	element(fieldname) {
		return this.field(fieldname).$wrapper[0];
	}

	value(fieldname) {
		return this.dialog.get_value(fieldname);
	}

	async show() {
		// Then the framework puts the focus into the first field.
		const is_shown = new Promise((resolve) => this.dialog.$wrapper.one("shown.bs.modal", resolve));
		this.dialog.show();
		if (this.finished) return this.mark_next();
		await this.dialog.set_value("starts_on", this.values.starts_on || frappe.datetime.system_datetime());
		this.show_when();
		if (this.is_fixed) return this.show_pending();
		if (this.values.party) await this.dialog.set_value("party", this.values.party);
		if (this.values.party_text) await this.field("party").search_for(this.values.party_text);
		this.show_pending();
		if (!this.field("party").party) return;
		await is_shown;
		this.field("notes").set_focus();
	}

	async choose_when({ choice, starts_on }) {
		await this.dialog.set_value("mode", choice === "happened" ? "happened" : "planned");
		if (choice === "date") this.field("starts_on").$input.focus();
		else await this.dialog.set_value("starts_on", starts_on || frappe.datetime.system_datetime());
		this.show_when(choice);
	}

	// Shows which of the moments is chosen, and the fields that belong to it.
	show_when(chosen = null) {
		const happened = this.value("mode") === "happened";
		const found = this.choices.find(({ starts_on }) => starts_on && starts_on === this.value("starts_on"));
		mark_when_button(this.element("when"), chosen || (happened ? "happened" : found?.choice || "date"));
		this.dialog.set_title(find_title(happened));
		this.dialog.set_df_property("notes", "label", happened ? __("What was said") : __("Note"));
		this.dialog.refresh_dependency();
		this.mark_next();
	}

	mark_next() {
		const found = this.times.find(({ starts_on }) => starts_on === this.value("next_on"));
		mark_when_button(this.element("next_when"), found?.choice);
	}

	propose_next_day() {
		if (!this.value("next_on") && this.value("next_subject")) this.dialog.set_value("next_on", this.times[0].starts_on);
	}

	// Pending activities with whom it is with: a call may be the one that was planned.
	async show_pending() {
		const party = this.find_party();
		const request = (this.pending_request = {});
		const pending = party
			? await read("list_pending_with", { party_doctype: party.doctype, party: party.name })
			: [];
		if (request !== this.pending_request) return;
		const options = pending.map(({ name, subject, starts_on }) => ({
			value: name,
			label: `${frappe.datetime.str_to_user(starts_on)} · ${subject}`,
		}));
		const due = pending.find(({ starts_on }) => starts_on.slice(0, 10) <= cronus_crm.company_today());
		this.dialog.set_df_property("finishes", "options", [{ value: "", label: __("Nothing that was planned") }, ...options]);
		this.dialog.set_df_property("finishes", "hidden", pending.length ? 0 : 1);
		this.dialog.set_value("finishes", (this.values.prospect && due?.name) || "");
	}

	find_party() {
		const { customer, prospect, opportunity } = this.links;
		if (prospect) return { doctype: "Cronus Prospect", name: prospect };
		if (opportunity) return { doctype: "Cronus Opportunity", name: opportunity };
		if (customer) return { doctype: "Cronus Customer", name: customer };
		return this.is_fixed ? null : this.value("party");
	}

	async save(entered) {
		if (this.is_saving || this.refuses_loose_text()) return;
		this.is_saving = true;
		this.dialog.disable_primary_action();
		try {
			const happened = entered.mode === "happened";
			const args = { activity: this.read_activity(entered, happened) };
			if (happened) args.next_activity = read_next_step(entered, this.finished);
			const saved = await frappe.xcall(`${SERVER}.${happened ? "record" : "plan"}`, args);
			this.dialog.hide();
			frappe.show_alert({ message: saved_message(saved, happened), indicator: "green" });
			this.after?.(saved);
		} finally {
			this.is_saving = false;
			this.dialog.enable_primary_action();
		}
	}

	refuses_loose_text() {
		const field = this.dialog.fields_dict.party;
		if (!field?.has_loose_text()) return false;
		field.set_focus();
		const text = escape(field.input.value);
		frappe.msgprint({
			message: __("With: choose {0} from the list, or leave the field empty.", [text.bold()]),
			title: __("Error"),
			indicator: "red",
		});
		return true;
	}

	read_activity({ activity_type, starts_on, seller, notes, result, finishes, party }, happened) {
		if (this.finished) return { finishes: this.finished.name, notes, result };
		const activity = { ...this.links, activity_type, starts_on, seller, notes };
		if (party) Object.assign(activity, { party_doctype: party.doctype, party: party.name });
		if (happened) Object.assign(activity, { result, finishes });
		// Of the agenda, where a range of hours or days was marked.
		const { values } = this;
		if (starts_on === values.starts_on) Object.assign(activity, { ends_on: values.ends_on, all_day: values.all_day });
		return activity;
	}

	async open_form() {
		const { activity_type, starts_on, seller, notes, party, mode } = this.dialog.get_values(true) || {};
		const state = mode === "happened" ? "Done" : "Pending";
		const links = party ? { [FIELD_OF[party.doctype]]: party.name } : {};
		this.dialog.hide();
		const doc = frappe.model.get_new_doc("Cronus Activity");
		Object.assign(doc, this.links, links, { activity_type, starts_on, seller, state });
		if (notes) doc.notes = `<p>${escape(notes).replace(/\n/g, "<br>")}</p>`;
		frappe.set_route("Form", "Cronus Activity", doc.name);
	}
}

const FIELD_OF = {
	"Cronus Customer": "customer",
	"Cronus Prospect": "prospect",
	Contact: "contact",
	"Cronus Opportunity": "opportunity",
};

const find_title = (happened) => (happened ? __("Record activity") : __("Plan activity"));

function pick_links(values) {
	const fields = [...Object.values(FIELD_OF), "reference_doctype", "reference_name"];
	return Object.fromEntries(fields.filter((field) => values[field]).map((field) => [field, values[field]]));
}

function read_next_step({ next_subject, next_on, next_type, activity_type, result }, finished) {
	if (result === "Cancelled" || !(next_subject || next_on)) return null;
	const type = next_type || activity_type || finished?.activity_type;
	return { subject: next_subject || finished?.subject, starts_on: next_on, activity_type: type };
}

function saved_message({ activity, next }, happened) {
	const link = (name, text) => frappe.utils.get_form_link("Cronus Activity", name, true, text);
	const [open_it, next_step] = [__("open it"), __("the next step")];
	if (!happened) return __("Planned: {0}", [link(activity, open_it)]);
	if (!next) return __("Recorded: {0}", [link(activity, open_it)]);
	return __("Recorded; {0} is planned", [link(next, next_step)]);
}

async function read(method, args = {}) {
	const { message } = await frappe.call({ method: `${SERVER}.${method}`, args, type: "GET" });
	return message;
}

// "Cancelled" is also a state; the context allows another translation of the result.
function load_results() {
	return new Promise((resolve) =>
		frappe.model.with_doctype("Cronus Activity", () => {
			const { options } = frappe.meta.get_docfield("Cronus Activity", "result");
			resolve(options.split("\n").map((value) => ({ value, label: value && __(value, null, "Result") })));
		})
	);
}
