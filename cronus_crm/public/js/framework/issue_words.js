// One word for one act: a commercial document is *issued*. The framework says "submit" of every document, and in Spanish
// five different words for it (validar, presentar, enviar …). What it says on the pages of commercial documents is
// replaced here, in 15 and 16; other DocTypes keep its words.
const TIMELINE = "Form timeline";

// What the framework says, with its context, and what is said instead.
const ISSUE_MESSAGES = {
	"Submit:Button in list view actions menu": () => __("Issue"),
	"Submit {0} documents?:Title of confirmation dialog": (values) => __("Issue {0} documents?", values),
	"Permanently Submit {0}?": (values) => __("Issue {0}? It cannot be changed afterwards.", values),
	"Submit this document to confirm": () => __("This is a draft: issue it when it is ready."),
	"Submitting:Freeze message while submitting a document": () => __("Issuing"),
	"Cannot submit {0}.": (values) => __("These could not be issued: {0}", values),
	"Document has been submitted": () => __("The document is issued"),
	Submitted: () => __("Issued"),
	[`You submitted this document:${TIMELINE}`]: () => __("You issued this document"),
	[`You submitted this document {0}:${TIMELINE}`]: (values) => __("You issued this document {0}", values),
	[`{0} submitted this document:${TIMELINE}`]: (values) => __("{0} issued this document", values),
	[`{0} submitted this document {1}:${TIMELINE}`]: (values) => __("{0} issued this document {1}", values),
};

function shows_commercial_document() {
	const [view, doctype] = frappe.get_route?.() || [];
	const is_there = view === "Form" || view === "List";
	return is_there && Boolean(frappe.boot.cronus?.sales_documents.includes(doctype));
}

const translate = window.__;
// Set while the buttons of a form are made: elsewhere "Submit" is a button of another dialog.
let makes_buttons = false;

window.__ = frappe._ = function (text, values, context) {
	const said = ISSUE_MESSAGES[context ? `${text}:${context}` : text];
	if (said && shows_commercial_document()) return said(values);
	if (makes_buttons && text === "Submit" && !context) return translate("Issue");
	return translate(text, values, context);
};

const { set_page_actions } = frappe.ui.form.Toolbar.prototype;
frappe.ui.form.Toolbar.prototype.set_page_actions = function (status) {
	makes_buttons = shows_commercial_document();
	try {
		return set_page_actions.call(this, status);
	} finally {
		makes_buttons = false;
	}
};

// What the server says comes translated.
const { show_alert, show_progress } = frappe;
frappe.show_alert = function (message, ...more) {
	const text = message?.message ?? message;
	if (text === translate("Submitted") && shows_commercial_document()) {
		message = message.message ? { ...message, message: __("Issued") } : __("Issued");
	}
	return show_alert.call(this, message, ...more);
};

frappe.show_progress = function (title, ...more) {
	const [, doctype] = frappe.get_route?.() || [];
	if (title === translate("Submitting {0}", [doctype]) && shows_commercial_document()) title = __("Issuing");
	return show_progress.call(this, title, ...more);
};
