// Adds the codes of desk/program_codes.js and the records of search/record_results.js to the options of the search bar.
// Frappe 15 and 16 have no hook for them, so that the methods that collect the options are wrapped.
const { build_options, add_defaults, make_global_search } = frappe.search.AwesomeBar.prototype;

frappe.search.AwesomeBar.prototype.build_options = function (text) {
	return [...cronus_crm.find_programs(text), ...build_options.call(this, text)];
};

// Records are asked for while the framework collects its own options, and put above them when they come, unless
// something else has been typed by then. The framework lists what is the same page once.
frappe.search.AwesomeBar.prototype.add_defaults = function (text) {
	add_defaults.call(this, text);
	const asked = cronus_crm.search.find_options(text);
	this.cronus_asked = asked;
	asked.then((options) => {
		if (this.cronus_asked !== asked) return;
		this.cronus_asked = null;
		const input = this.awesomplete.input;
		if (input.value.trim().replace(/\s\s+/g, " ") !== text || document.activeElement !== input) return;
		this.options = [...options, ...this.options];
		this.awesomplete.list = this.deduplicate(this.options);
		cronus_crm.search.widen_list(this.awesomplete.ul);
	});
};

// Enter before the records are there means the first of them: the framework's own search is opened only when there are
// none, or when its line is chosen while they are shown.
frappe.search.AwesomeBar.prototype.make_global_search = function (text) {
	make_global_search.call(this, text);
	const option = this.options.find((one) => one.default === "Search" && one.match === text);
	if (!option) return;
	const open_search = option.onclick;
	option.onclick = async (...args) => {
		const asked = this.cronus_asked;
		this.cronus_asked = null;
		const record = asked && (await asked).find((one) => one.is_record);
		return record ? frappe.set_route(record.route) : open_search(...args);
	};
};
