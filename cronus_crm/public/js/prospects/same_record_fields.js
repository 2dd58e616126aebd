// Fields of a dialog that ask which record is the same as a prospect. Those with a phone, e-mail or tax id in common are
// offered and none is chosen: two companies share a telephone, and what is chosen already is confirmed unread.
import { list_same_values } from "./duplicate_warning";

const FOUND = "found:";

const escape = frappe.utils.escape_html;

// found: of cronus_crm.duplicates.find. others: further options. link: docfield of the field for any record.
// other_label: label of the option that leads to it. chosen: option to begin with. Returns docfields; without another
// answer only that of `link`.
export function same_record_fields({ label, found, others = [], link, other_label, chosen = "" }) {
	if (!found.length && !others.length) return [{ ...link, fieldtype: "Link", reqd: 1 }];
	const options = [
		...(chosen ? [] : [{ value: "", label: "" }]),
		...others,
		...found.map((duplicate) => ({ value: FOUND + duplicate.name, label: found_label(duplicate) })),
		{ value: "existing", label: other_label },
	];
	const shown = "eval:doc.which=='existing'";
	return [
		{ fieldname: "which", fieldtype: "Select", label, options, default: chosen, reqd: 1 },
		{ ...link, fieldtype: "Link", depends_on: shown, mandatory_depends_on: shown },
	];
}

// Name of the record that was chosen; null for one of `others`. linked: value of the field for any record.
export function read_same_record(which, linked) {
	if (!which || which === "existing") return linked;
	return which.startsWith(FOUND) ? which.slice(FOUND.length) : null;
}

function found_label(duplicate) {
	const parts = [duplicate.title, duplicate.name].map(escape).join(" · ");
	return `${parts} (${escape(list_same_values(duplicate))})`;
}
