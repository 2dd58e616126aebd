// Dialogs of cases: answer, what they said, pass on, merge, split.
frappe.provide("cronus_crm.cases");

const SERVER = "cronus_crm.api.cases";
const escape = frappe.utils.escape_html;

Object.assign(cronus_crm.cases, {
	// after(): called when the server has saved.
	async answer(frm, after) {
		const { name, cc, contact_email, contact_name, account_name, channel } = frm.doc;
		const [replies, states] = await Promise.all([
			frappe.model.can_read("Cronus Saved Reply") ? frappe.xcall(`${SERVER}.list_replies`, { case: name }) : [],
			this.load_states(),
		]);
		const files = frm.attachments?.get_attachments?.() || [];
		const dialog = new frappe.ui.Dialog({
			title: __("Answer to {0}", [contact_name || account_name || contact_email || name]),
			size: "large",
			no_submit_on_enter: true,
			fields: answer_fields({ replies, states, files, cc, contact_email, channel }),
			primary_action_label: __("Answer them"),
			primary_action: async ({ content, cc, state, send, ...others }) => {
				const attachments = files.filter(({ name }) => others[`file_${name}`]).map(({ name }) => name);
				const answer = { case: name, content, cc: cc || "", state, attachments, send: send ? 1 : 0 };
				await cronus_crm.call_once(dialog, `${SERVER}.answer`, answer);
				after();
			},
		});
		const chosen = dialog.fields_dict.reply;
		if (chosen) chosen.df.onchange = () => insert_reply(dialog, name);
		dialog.show();
		cronus_crm.solutions.show_in_answer(frm, dialog);
		return dialog;
	},

	record_message(frm, after) {
		const { name, channel } = frm.doc;
		const dialog = new frappe.ui.Dialog({
			title: __("What they have said"),
			size: "large",
			no_submit_on_enter: true,
			fields: [
				{ fieldname: "channel", fieldtype: "Select", label: __("Channel"), options: channel_options(), default: channel, reqd: 1 },
				{ fieldname: "content", fieldtype: "Text Editor", label: __("Text"), reqd: 1 },
			],
			primary_action_label: __("Save"),
			primary_action: async ({ channel, content }) => {
				await cronus_crm.call_once(dialog, `${SERVER}.record_message`, { case: name, channel, content });
				after();
			},
		});
		dialog.show();
	},

	async pass_on(frm, after) {
		const { name, team } = frm.doc;
		const agents = await frappe.xcall(`${SERVER}.list_agents`);
		const dialog = new frappe.ui.Dialog({
			title: __("Pass on {0}", [frm.doc.subject]),
			fields: [
				{ fieldname: "team", fieldtype: "Link", label: __("Team"), options: "Cronus Service Team", get_query: () => ({ filters: { disabled: 0 } }) },
				{
					fieldname: "agent",
					fieldtype: "Select",
					label: __("Agent"),
					options: [{ value: "", label: "" }, ...agents.map(({ user, name }) => ({ value: user, label: name }))],
				},
			],
			primary_action_label: __("Pass on"),
			primary_action: async (values) => {
				await cronus_crm.call_once(dialog, `${SERVER}.pass_on`, { case: name, team: values.team || team, agent: values.agent });
				after();
			},
		});
		dialog.show();
	},

	// after(survivor): called when the server has merged.
	merge(frm, after) {
		const { name, customer, prospect } = frm.doc;
		const of_account = customer ? { customer } : prospect ? { prospect } : {};
		const dialog = new frappe.ui.Dialog({
			title: __("Merge with another case"),
			fields: [
				{
					fieldname: "survivor",
					fieldtype: "Link",
					options: "Cronus Case",
					label: __("Case that stays"),
					description: __("What was said about this case moves there, and this one leads to it."),
					reqd: 1,
					get_query: () => ({ filters: { name: ["!=", name], merged_into: ["is", "not set"], ...of_account } }),
				},
			],
			primary_action_label: __("Merge"),
			primary_action: async ({ survivor }) => {
				await cronus_crm.call_once(dialog, `${SERVER}.merge`, { survivor, merged: [name] });
				after(survivor);
			},
		});
		dialog.show();
	},

	// after(name): called with the new case.
	async split(frm, after) {
		const { name } = frm.doc;
		const messages = await this.list_messages(name);
		const dialog = new frappe.ui.Dialog({
			title: __("Split off a case"),
			fields: [
				{ fieldname: "subject", fieldtype: "Data", label: __("Subject of the new case"), reqd: 1 },
				...(messages.length ? [{ fieldname: "messages", fieldtype: "MultiCheck", label: __("Messages that move there"), options: messages }] : []),
			],
			primary_action_label: __("Split off"),
			primary_action: async ({ subject, messages }) => {
				const made = await cronus_crm.call_once(dialog, `${SERVER}.split`, { case: name, subject, messages: messages || [] });
				after(made.case);
			},
		});
		dialog.show();
	},
});

// Channels in which an answer goes out by e-mail, as on the server: mail/outgoing.py.
const MAIL_CHANNELS = ["E-mail", "Web form", "Portal"];

function answer_fields({ replies, states, files, cc, contact_email, channel }) {
	const waiting = Object.values(states).find(({ category, disabled }) => category === "Waiting for them" && !disabled);
	const in_use = Object.values(states).filter(({ disabled }) => !disabled);
	const choices = [{ value: "", label: "" }, ...replies.map(({ name }) => ({ value: name, label: name }))];
	return [
		...(replies.length ? [{ fieldname: "reply", fieldtype: "Select", label: __("Saved reply"), options: choices }] : []),
		{ fieldname: "content", fieldtype: "Text Editor", label: __("Text"), reqd: 1 },
		...files.map(({ name, file_name }) => ({ fieldname: `file_${name}`, fieldtype: "Check", label: __("Attach {0}", [frappe.utils.escape_html(file_name)]) })),
		{ fieldtype: "Section Break" },
		{
			fieldname: "send",
			fieldtype: "Check",
			label: contact_email ? __("Send by e-mail to {0}", [escape(contact_email)]) : __("Send by e-mail"),
			description: contact_email ? "" : __("The case has no e-mail address: the answer is only kept here."),
			default: contact_email && MAIL_CHANNELS.includes(channel) ? 1 : 0,
			read_only: contact_email ? 0 : 1,
		},
		{ fieldname: "cc", fieldtype: "Data", label: __("Copies to"), default: cc },
		{ fieldtype: "Column Break" },
		{
			fieldname: "state",
			fieldtype: "Select",
			label: __("State after it"),
			options: in_use.map(({ name }) => cronus_crm.translated_option(name)),
			default: waiting?.name,
		},
	];
}

// Below what was written already.
async function insert_reply(dialog, name) {
	const reply = dialog.get_value("reply");
	if (!reply) return;
	const { html } = await frappe.xcall(`${SERVER}.write_reply`, { reply, case: name });
	const written = dialog.get_value("content") || "";
	await dialog.set_value("content", strip_html(written).trim() ? written + html : html);
}

function channel_options() {
	const { options } = frappe.meta.get_docfield("Cronus Case", "channel");
	return options.split("\n").map(cronus_crm.translated_option);
}
