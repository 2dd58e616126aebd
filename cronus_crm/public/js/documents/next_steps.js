// What comes after an issued document, on its page: the activity that follows it, and what is done with the document.
import { show_chat_dialog, show_mail_dialog } from "./send_dialogs";

frappe.provide("cronus_crm.next_steps");

Object.assign(cronus_crm.next_steps, {
	// Wherever the form offers a mail, an issued document has the dialog of documents. Once for each form.
	replace_mail_dialogs(frm) {
		const { timeline } = frm;
		if (!timeline || timeline.sends_documents) return;
		timeline.sends_documents = true;
		const { email_doc } = frm;
		const { compose_mail } = timeline;
		frm.email_doc = (...args) => (frm.doc.docstatus === 1 ? show_mail_dialog(frm) : email_doc.apply(frm, args));
		// With an argument it answers a mail.
		timeline.compose_mail = (answered, ...args) =>
			frm.doc.docstatus === 1 && !answered
				? show_mail_dialog(frm)
				: compose_mail.call(timeline, answered, ...args);
	},

	// Adds the section to the form of an issued document. becomes: the DocTypes that can be made from it. activities: of
	// api/activities.py, list_of_document.
	show(frm, becomes, activities) {
		this.replace_mail_dialogs(frm);
		if (frm.doc.docstatus !== 1) return;
		const lines = activities.map(activity_html).join("");
		const steps = list_steps(frm, becomes);
		if (!lines && !steps.length) return;
		const buttons = steps.map(
			({ label }, index) =>
				`<button type="button" class="btn btn-default btn-sm mr-2 mt-2" data-step="${index}">${label}</button>`
		);
		const section = frm.dashboard.add_section(
			`<div class="cronus-next-steps">${lines}<div>${buttons.join("")}</div></div>`,
			__("What comes next")
		);
		// Before the connections: it is what people look for now.
		section.closest(".form-dashboard-section").prependTo(frm.dashboard.parent);
		frm.dashboard.show();
		section.on("click", "[data-step], [data-activity]", ({ currentTarget }) => {
			const { step, activity } = currentTarget.dataset;
			if (step) steps[step].act();
			else cronus_crm.activities.postpone(activity, { after: () => frm.reload_doc() });
			return false;
		});
	},
});

function list_steps(frm, becomes) {
	const steps = [];
	if (frappe.model.can_email(frm.doctype, frm) && frappe.model.can_print(frm.doctype, frm)) {
		steps.push({ label: __("Send by e-mail"), act: () => show_mail_dialog(frm) });
		steps.push({ label: __("WhatsApp"), act: () => show_chat_dialog(frm) });
	}
	// The others are in the menu above.
	const into = becomes.includes("Invoice") ? "Invoice" : becomes[0];
	if (into) {
		const label = __("Make {0}", [cronus_crm.chain.doctype_label(into).toLowerCase()]);
		steps.push({ label, act: () => cronus_crm.chain.convert_form(frm, into) });
	}
	return steps;
}

function activity_html({ name, activity_type, kind, starts_on, all_day }) {
	const when = describe_moment(starts_on, all_day);
	const texts = { "Follow-up": __("Follow-up for {0}", [when]), Collection: __("Collection on {0}", [when]) };
	const text = texts[kind] || `${__(activity_type)}: ${when}`;
	const link = frappe.utils.get_form_link("Cronus Activity", name);
	return `<div>
		<a class="text-reset" href="${link}">${frappe.utils.escape_html(text)}</a> ·
		<a href="#" role="button" data-activity="${frappe.utils.escape_html(name)}">${__("Change the date")}</a>
	</div>`;
}

// “Monday 30, 09:00” by the clock of the user; with the month where that is not the present one.
function describe_moment(starts_on, all_day) {
	const moment = all_day ? window.moment(starts_on) : frappe.datetime.convert_to_user_tz(starts_on, false);
	const is_near = moment.isSame(window.moment(), "month");
	const is_this_year = moment.isSame(window.moment(), "year");
	const options = {
		weekday: "long",
		day: "numeric",
		...(is_near ? {} : { month: "long" }),
		...(is_this_year ? {} : { year: "numeric" }),
	};
	const language = frappe.boot.lang || "en";
	const date = new Date(moment.year(), moment.month(), moment.date());
	const day = new Intl.DateTimeFormat(language, options).format(date).replace(",", "");
	return all_day ? day : `${day}, ${moment.format("HH:mm")}`;
}
