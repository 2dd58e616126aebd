// The framework's mail dialog reads the signature of an Email Account, which sellers have no right to: 15 and 16 then show
// an error in red, and an empty message.
const { get_signature } = frappe.views.CommunicationComposer?.prototype || {};

if (get_signature) {
	frappe.views.CommunicationComposer.prototype.get_signature = async function (sender) {
		const is_known = frappe.boot.user.email_signature || frappe.model.can_read("Email Account");
		return is_known ? get_signature.call(this, sender) : "";
	};
}
