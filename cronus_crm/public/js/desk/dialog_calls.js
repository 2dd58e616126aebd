// Requests of dialogs.
frappe.provide("cronus_crm");

// Calls the server with the dialog's button disabled, so that a double click or a key that is held sends one request.
// Closes the dialog and returns the answer; after an error, which the desk shows, the dialog stays as it was.
cronus_crm.call_once = async function (dialog, method, args) {
	dialog.disable_primary_action();
	try {
		const answer = await frappe.xcall(method, args);
		dialog.hide();
		return answer;
	} finally {
		dialog.enable_primary_action();
	}
};
