// Records in the search bar: asks the server for them, and shows them as options of the framework's list, in groups.
frappe.provide("cronus_crm.search");

// Above the framework's own options, which have an index of up to 100, and below the codes of programs, with 1000.
const FIRST_INDEX = 900;

// The server reads no more.
const MIN_LENGTH = 2;
const MAX_LENGTH = 140;

// Options for a text: the records, with the label of their kind above the first of each; or a line that says that
// nothing was found, and what to do.
cronus_crm.search.find_options = async function (text) {
	if (text.length < MIN_LENGTH || text.startsWith("#")) return [];
	const asked = { text: text.slice(0, MAX_LENGTH) };
	const groups = await frappe.xcall("cronus_crm.api.search.find_records", asked, "GET").catch(() => null);
	// The framework has told of the error; its own options stay.
	if (!groups) return [];
	const options = groups.flatMap(make_options);
	options.forEach((option, place) => (option.index = FIRST_INDEX - place));
	return options.length ? options : [make_empty_option(text)];
};

const make_options = (group) =>
	group.records.map((record, place) => ({
		type: "Record",
		label: make_html(record, place ? "" : group.label),
		// The list finds an option by its value, so that each has another one.
		value: `${record.doctype} ${record.name}`,
		route: ["Form", record.doctype, record.name],
		match: record.name,
		is_record: true,
	}));

const make_html = function (record, heading) {
	const escape = frappe.utils.escape_html;
	const amount =
		record.amount === undefined || record.amount === null
			? ""
			: format_currency(record.amount, record.currency);
	// The name of a contact is made of its title.
	const number = record.name.startsWith(record.title) ? "" : record.name;
	const details = [number, ...record.details.map(format_detail)];
	const line = details.filter(Boolean).map(escape).join(" · ");
	const state = record.state_label
		? `<span class="indicator-pill no-indicator-dot ${color_of(record)}">${escape(record.state_label)}</span>`
		: "";
	return `
		<span class="cronus-found" style="display: block">
			${heading ? `<span class="text-muted small" style="display: block">${escape(heading)}</span>` : ""}
			<span style="display: flex; gap: 8px; align-items: baseline">
				<span class="ellipsis" style="flex: 1; min-width: 0; font-weight: 600">${escape(record.title)}</span>
				${state}
				${amount ? `<span class="text-nowrap">${label_amount(record)} ${escape(amount)}</span>` : ""}
			</span>
			<span class="text-muted small ellipsis" style="display: block">${line}</span>
		</span>`;
};

// Dates come as the database writes them.
const format_detail = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? frappe.datetime.str_to_user(text) : text);

const label_amount = (record) =>
	["Cronus Customer", "Invoice"].includes(record.doctype)
		? `<span class="text-muted small">${__("Balance")}</span>`
		: "";

const color_of = (record) => frappe.utils.guess_colour(record.state || "");

const make_empty_option = (text) => ({
	type: "Nothing",
	label: `<span class="text-muted">${__("No record found for “{0}”. Try a part of the name, the telephone, the tax id or the number.", [
		frappe.utils.escape_html(text),
	])}</span>`,
	value: `nothing ${text}`,
	// Below whatever the framework found.
	index: -5,
	onclick: () => {},
});

// A record has more to show than a command, and there are several groups. The list ends at the edge of the screen.
cronus_crm.search.widen_list = function (list) {
	const left = list.getBoundingClientRect().left;
	const width = Math.min(460, window.innerWidth - left - 20);
	Object.assign(list.style, { minWidth: `${width}px`, maxHeight: "75vh", overflowY: "auto" });
};
