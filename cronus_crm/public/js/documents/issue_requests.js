// The request of a seller to billing to issue a draft: cronus_billing/documents/issue_requests.py
frappe.provide("cronus_crm.issue_requests");

const call = (method, frm) =>
	frappe.xcall(`cronus_crm.api.documents.${method}`, { doctype: frm.doctype, name: frm.doc.name });

Object.assign(cronus_crm.issue_requests, {
	// Shows who has asked, and the button to ask or to withdraw.
	refresh(frm) {
		if (frm.is_new() || frm.doc.docstatus || !frm.fields_dict.issue_asked_by) return;
		const may_issue = Boolean(frm.perm[0]?.submit);
		if (frm.doc.issue_asked_by) this.show_request(frm);
		if (frm.doc.issue_asked_by && (may_issue || frm.perm[0]?.write)) {
			frm.add_custom_button(__("Withdraw the request"), () => this.withdraw(frm));
		} else if (!may_issue && frm.perm[0]?.write) {
			frm.add_custom_button(__("Ask to issue"), () => this.ask(frm)).addClass("btn-primary");
		}
	},

	show_request(frm) {
		const name = frappe.utils.escape_html(frappe.user.full_name(frm.doc.issue_asked_by));
		const when = frappe.datetime.str_to_user(frm.doc.issue_asked_on);
		// Not as the form's intro, in the place of which the framework asks billing to submit the document.
		frm.dashboard.add_comment(__("{0} asked billing to issue it, {1}.", [`<b>${name}</b>`, when]), "blue", true);
	},

	// What was written and not saved would not be issued.
	async ask(frm) {
		if (frm.is_dirty()) await frm.save();
		await call("ask_to_issue", frm);
		frappe.show_alert({ message: __("Billing was asked to issue it."), indicator: "green" });
		frm.reload_doc();
	},

	async withdraw(frm) {
		await call("withdraw_request", frm);
		frm.reload_doc();
	},
});
