// “call acme” in the search bar offers to record or plan a call with Acme. Frappe 15 and 16 have no hook for options of
// the search bar, so that the method that builds them is wrapped.
const { build_options } = frappe.search.AwesomeBar.prototype;

const SHORTEST_WORD = 4;
// Of two words with one stem, such as “llamar” and “llamada”, the letters that have to agree.
const SHARE = 0.6;

frappe.search.AwesomeBar.prototype.build_options = function (text) {
	return [...find_activities(text), ...build_options.call(this, text)];
};

function find_activities(text) {
	if (!frappe.model.can_create("Cronus Activity")) return [];
	const [word, ...others] = (text || "").trim().split(/\s+/);
	if (fold(word).length < SHORTEST_WORD) return [];
	const party = drop_preposition(others).join(" ");
	return frappe.boot.cronus_activity_types
		.filter((type) => [type, __(type)].some((label) => is_meant(fold(word), fold(label))))
		.map((type) => build_option(type, party));
}

function build_option(type, party) {
	const label = frappe.utils.escape_html(__(type));
	const whom = frappe.utils.escape_html(party);
	const message = party
		? __("Record or plan: {0} with {1}", [label.bold(), whom.bold()])
		: __("Record or plan: {0}", [label.bold()]);
	return {
		label: message,
		value: `cronus-activity-${type}-${party}`,
		index: 900,
		match: party,
		onclick: () => cronus_crm.activities.open_dialog({ activity_type: type, party_text: party }),
	};
}

const fold = (text) => (text || "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function is_meant(typed, label) {
	let same = 0;
	while (same < typed.length && typed[same] === label[same]) same += 1;
	return same >= SHORTEST_WORD && same >= SHARE * typed.length;
}

// “llamar a Acme”, “reunión con Acme”, “call to Acme”
function drop_preposition(words) {
	return words.length && ["a", "al", "con", "de", "para", "to", "with"].includes(fold(words[0])) ? words.slice(1) : words;
}
