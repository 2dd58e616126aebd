// Access to the values that the server sends with the boot: cronus_crm/boot.py
frappe.provide("cronus_crm");

// Whether the user sees records of other sellers; if so, lists and filters show the seller.
cronus_crm.sees_others = () => Boolean(frappe.boot.cronus_sees_others);
