// Access to the values that the server sends with the boot: cronus_crm/boot.py
frappe.provide("cronus_crm");

// Whether the user sees records of other sellers; if so, lists and filters show the seller.
cronus_crm.sees_others = () => Boolean(frappe.boot.cronus_sees_others);

// The day of the company, YYYY-MM-DD: that of the system's time zone, which is the server's `company_today`. The
// framework's `get_today` is the day of the user, who may be ahead or behind.
cronus_crm.company_today = () => frappe.datetime.system_datetime().slice(0, 10);

// The laws of the two time zones that the desk converts between, as the server knows them. Those in the framework's
// script are of its release; of Paraguay they are an hour off half the year.
for (const packed of frappe.boot.cronus_time_zones || []) moment.tz.add(packed);
