// The framework takes the language of date pickers from the user's own field, and English where that is
// empty: then the language of the desk holds, in 15 and 16.
frappe.boot.user.language ||= frappe.boot.lang;
