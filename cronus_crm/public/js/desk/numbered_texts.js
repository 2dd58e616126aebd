// Texts that say how many: the sentence for one, or for another number.
frappe.provide("cronus_crm");

cronus_crm.one_or_many = (number, one, many) => (Number(number) === 1 ? one : many);
