// Telephones in the form in which the server shows them (`phone_shown`); the field keeps what was written.
frappe.provide("cronus_crm");

// The address that dials the first number of a text.
cronus_crm.phone_address = (text) => {
	const first = (text.match(/[+(\d][\d ().-]{5,}/) || [""])[0];
	return `tel:${first.replace(/[^+\d]/g, "")}`;
};

// HTML of the telephone of a customer, prospect or branch, which dials it.
cronus_crm.phone_link = ({ phone, phone_shown }) => {
	const text = phone_shown || phone || "";
	return text && `<a class="text-nowrap" href="${cronus_crm.phone_address(text)}">${frappe.utils.escape_html(text)}</a>`;
};

for (const doctype of ["Cronus Customer", "Cronus Customer Branch", "Cronus Prospect"]) {
	frappe.ui.form.on(doctype, {
		refresh: show_phone,
		// What is shown is of the saved telephone.
		phone: (frm) => frm.set_df_property("phone", "description", ""),
	});
}

function show_phone(frm) {
	const { phone, phone_shown } = frm.doc;
	frm.set_df_property("phone", "description", phone_shown && phone_shown !== phone ? cronus_crm.phone_link(frm.doc) : "");
}
