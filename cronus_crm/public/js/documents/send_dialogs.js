// Dialogs that send an issued document: by e-mail with its PDF, and by WhatsApp with a link to it.
const SERVER = "cronus_crm.api.sending";

export async function show_mail_dialog(frm) {
	const { doctype, name } = frm.doc;
	const mail = await frappe.xcall(`${SERVER}.propose_mail`, { doctype, name });
	if (mail.refusal) return frappe.msgprint({ message: mail.refusal, title: __("E-mail"), indicator: "orange" });
	const dialog = new frappe.ui.Dialog({
		title: __("Send by e-mail"),
		fields: [
			{ ...address_field("recipients", __("To"), mail.addresses), reqd: 1, default: mail.recipients },
			address_field("cc", __("CC"), mail.addresses),
			{ fieldname: "subject", fieldtype: "Data", label: __("Subject"), reqd: 1, default: mail.subject },
			{ fieldname: "text", fieldtype: "Text", label: __("Message"), default: mail.text },
			{
				fieldname: "attachment",
				fieldtype: "HTML",
				options: `${frappe.utils.icon("attachment", "sm")} ${frappe.utils.escape_html(mail.attachment)}`,
			},
		],
		primary_action_label: __("Send"),
		async primary_action({ recipients, cc, subject, text }) {
			await send_once(dialog, "send_mail", { doctype, name, recipients, cc: cc || "", subject, text: text || "" });
			frappe.show_alert({ message: __("Sent to {0}", [frappe.utils.escape_html(recipients)]), indicator: "green" });
			frm.reload_doc();
		},
	});
	open(dialog, mail.recipients ? "text" : "recipients");
}

export async function show_chat_dialog(frm) {
	const { doctype, name } = frm.doc;
	const chat = await frappe.xcall(`${SERVER}.propose_chat`, { doctype, name });
	const dialog = new frappe.ui.Dialog({
		title: __("Send by WhatsApp"),
		fields: [
			{
				fieldname: "phone",
				fieldtype: "Data",
				label: __("Telephone"),
				default: chat.phone,
				description: __("Empty: WhatsApp asks for whom it is."),
			},
			{
				fieldname: "text",
				fieldtype: "Small Text",
				label: __("Message"),
				default: chat.text,
				description: __("A link to the PDF, valid for {0} days, is added below.", [chat.days]),
			},
		],
		primary_action_label: __("Open WhatsApp"),
		async primary_action({ phone, text }) {
			// Before the answer, as browsers let a page open a window only while a click is handled.
			const tab = window.open("", "_blank");
			try {
				const address = await send_once(dialog, "start_chat", {
					doctype,
					name,
					phone: phone || "",
					text: text || "",
				});
				tab ? (tab.location.href = address) : window.location.assign(address);
			} catch (error) {
				tab?.close();
				throw error;
			}
			frm.reload_doc();
		},
	});
	open(dialog, chat.phone ? "text" : "phone");
}

// Several addresses in one field, with those of the customer as suggestions.
function address_field(fieldname, label, addresses) {
	return { fieldname, label, fieldtype: "Autocomplete", options: addresses, ignore_validation: 1 };
}

function open(dialog, fieldname) {
	// A key for this one sending: whatever repeats the request, the server sends once.
	dialog.sending_key = frappe.utils.get_random(30);
	dialog.show();
	dialog.$wrapper.one("shown.bs.modal", () => dialog.get_field(fieldname).set_focus());
	dialog.$wrapper.on("keydown", (event) => {
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.get_primary_btn().trigger("click");
	});
}

// Calls the server with the button disabled, and closes the dialog unless there is an error. After an error the next
// attempt is a new request.
async function send_once(dialog, method, args) {
	dialog.disable_primary_action();
	try {
		const { message } = await frappe.call({
			method: `${SERVER}.${method}`,
			args,
			headers: { "Idempotency-Key": dialog.sending_key },
			freeze: true,
			freeze_message: __("Preparing the PDF …"),
		});
		dialog.hide();
		return message;
	} catch (error) {
		dialog.sending_key = frappe.utils.get_random(30);
		throw error;
	} finally {
		dialog.enable_primary_action();
	}
}
