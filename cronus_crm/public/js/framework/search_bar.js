// The search bar of the desk also offers the codes of programs: desk/program_codes.js. Frappe 15 and 16 have no hook
// for what it offers, so that the method that makes its list is wrapped.
const { build_options } = frappe.search.AwesomeBar.prototype;

frappe.search.AwesomeBar.prototype.build_options = function (text) {
	return [...cronus_crm.find_programs(text), ...build_options.call(this, text)];
};
