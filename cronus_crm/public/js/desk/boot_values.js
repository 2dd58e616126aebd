// What the server sends when the desk is opened: cronus_crm/boot.py
frappe.provide("cronus_crm");

// Whether the user sees the records of other sellers, so that it matters whose they are.
cronus_crm.sees_others = () => Boolean(frappe.boot.cronus_sees_others);
