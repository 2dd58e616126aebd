// Adds the codes of desk/program_codes.js to the options of the search bar. Frappe 15 and 16 have no hook for them, so
// that the method that builds the options is wrapped.
const { build_options } = frappe.search.AwesomeBar.prototype;

frappe.search.AwesomeBar.prototype.build_options = function (text) {
	return [...cronus_crm.find_programs(text), ...build_options.call(this, text)];
};
