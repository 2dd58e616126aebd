// The open cases of an account, where a seller prepares a visit: in the form of an activity.
frappe.provide("cronus_crm.cases");

const CASE = "Cronus Case";
const OPEN = ["New", "Open", "Waiting for us", "Waiting for them"];

Object.assign(cronus_crm.cases, {
	// account: { customer } or { prospect }. Gives back the HTML shown, linked to the list of its open cases.
	link_open_cases: (account, shown) =>
		cronus_crm.report_links.build_link(CASE, { ...account, category: ["in", OPEN] }, shown),
});

frappe.ui.form.on("Cronus Activity", {
	refresh: (frm) => warn_of_cases(frm),
	customer: (frm) => warn_of_cases(frm),
	prospect: (frm) => warn_of_cases(frm),
});

async function warn_of_cases(frm) {
	const { name, state, customer, prospect } = frm.doc;
	frm.set_intro("");
	if (state !== "Pending" || !(customer || prospect) || !frappe.model.can_read(CASE)) return;
	const account = customer ? { customer } : { prospect };
	const cases = await frappe.xcall("cronus_crm.api.cases.count_open", account);
	if (!cases?.number || frm.doc.name !== name) return;
	frm.set_intro(cronus_crm.cases.link_open_cases(account, frappe.utils.escape_html(describe(cases))), "orange");
}

function describe({ number, unanswered, missed }) {
	const { one_or_many } = cronus_crm;
	const parts = [one_or_many(number, __("1 open case"), __("{0} open cases", [number]))];
	if (unanswered) parts.push(one_or_many(unanswered, __("1 waits for our answer"), __("{0} wait for our answer", [unanswered])));
	if (missed) parts.push(one_or_many(missed, __("1 with a promised time missed"), __("{0} with a promised time missed", [missed])));
	return parts.join(" · ");
}
