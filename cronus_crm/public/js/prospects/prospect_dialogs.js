// Dialogs and actions for prospects. Form, list and proforma use them.
import { read_same_record, same_record_fields } from "./same_record_fields";

frappe.provide("cronus_crm.prospects");

const SERVER = "cronus_crm.api.prospects";
const PRINT_FORMAT = "Cronus Prospect Follow-up";

const escape = frappe.utils.escape_html;

Object.assign(cronus_crm.prospects, {
	// The dialog of activities, for a follow-up that has happened, with the next one. after({ activity, next }): called
	// when it is saved.
	async add_follow_up({ name, prospect_name }, { after } = {}) {
		const { next_type, next_on } = await frappe.xcall(`${SERVER}.prepare_follow_up`, { prospect: name });
		const values = {
			prospect: name,
			customer_name: prospect_name,
			title: name,
			activity_type: next_type,
			result: "Information",
			next: { activity_type: next_type, starts_on: next_on },
		};
		cronus_crm.activities.open_dialog(values, { after });
	},

	// Opens the form of a new proforma for the prospect, not saved yet.
	add_quotation(prospect) {
		frappe.model.open_mapped_doc({
			method: "cronus_crm.api.prospects.make_proforma",
			source_name: prospect,
		});
	},

	// Dialog that converts a prospect. after({ customer, contact, opportunity, made }): called when it is converted.
	async convert(prospect, { after } = {}) {
		const doc = await frappe.db.get_doc("Cronus Prospect", prospect);
		// The customer that the prospect is of already leaves nothing to ask.
		const found = doc.customer ? [] : await find_same(doc, "Cronus Customer");
		const dialog = new frappe.ui.Dialog({
			title: __("Convert to customer"),
			fields: [
				{
					fieldname: "about",
					fieldtype: "HTML",
					options: `<p class="bold">${escape(doc.company_name || doc.prospect_name)}</p>`,
				},
				...same_record_fields({
					label: __("Customer"),
					found,
					others: doc.customer ? [] : [{ value: "new", label: __("A new customer") }],
					link: {
						fieldname: "customer",
						options: "Cronus Customer",
						label: __("Existing customer"),
						default: doc.customer,
						get_query: () => ({ filters: { disabled: 0 } }),
					},
					other_label: found.length ? __("Another existing customer") : __("An existing customer"),
					chosen: found.length ? "" : "new",
				}),
				{ fieldtype: "Section Break" },
				{ fieldname: "contact", fieldtype: "Check", label: __("Make its contact"), default: 1 },
				{ fieldname: "opportunity", fieldtype: "Check", label: __("Open an opportunity"), default: 1 },
				{
					fieldname: "title",
					fieldtype: "Data",
					label: __("Title of the opportunity"),
					default: doc.subject || doc.company_name || doc.prospect_name,
					depends_on: "eval:doc.opportunity",
				},
			],
			primary_action_label: __("Convert"),
			primary_action: async (values) => {
				const made = await cronus_crm.call_once(dialog, `${SERVER}.convert`, {
					prospect,
					customer: read_same_record(values.which, values.customer),
					contact: values.contact,
					opportunity: values.opportunity,
					title: values.title,
				});
				const link = frappe.utils.get_form_link("Cronus Customer", made.customer, true);
				frappe.show_alert({ message: __("Converted to customer {0}", [link]), indicator: "green" });
				after?.(made);
			},
		});
		dialog.show();
	},

	undo_conversion(prospect, { after } = {}) {
		const question = __("Undo the conversion? The customer, contact and opportunity that it made are deleted.");
		frappe.confirm(question, async () => after?.(await frappe.xcall(`${SERVER}.undo_conversion`, { prospect })));
	},

	async reopen(prospect, { after } = {}) {
		after?.(await frappe.xcall(`${SERVER}.reopen`, { prospect }));
	},

	// Dialog that merges the prospect into another one. after(name of the remaining one): called when it is merged.
	async merge(prospect, { after } = {}) {
		const doc = await frappe.db.get_doc("Cronus Prospect", prospect);
		const found = await find_same(doc, "Cronus Prospect");
		const dialog = new frappe.ui.Dialog({
			title: __("Merge with another prospect"),
			fields: [
				...same_record_fields({
					label: __("The prospect that stays"),
					found,
					link: {
						fieldname: "into",
						options: "Cronus Prospect",
						label: found.length ? __("Prospect") : __("The prospect that stays"),
						get_query: () => ({ filters: { name: ["!=", prospect], state: ["!=", "Converted"] } }),
					},
					other_label: __("Another prospect"),
				}),
				{
					fieldname: "about",
					fieldtype: "HTML",
					options: `<p class="text-muted">${__(
						"What is known of {0} and the other lacks is filled in. Follow-ups, documents and files go over.",
						[escape(doc.prospect_name)]
					)}</p>`,
				},
			],
			primary_action_label: __("Merge"),
			primary_action: async ({ which, into: linked }) => {
				const into = read_same_record(which, linked);
				after?.(await cronus_crm.call_once(dialog, `${SERVER}.merge`, { prospect, into }));
			},
		});
		dialog.show();
	},

	print_follow_up(prospect) {
		const args = new URLSearchParams({
			doctype: "Cronus Prospect",
			name: prospect,
			format: PRINT_FORMAT,
			no_letterhead: 0,
			_lang: frappe.boot.lang,
		});
		window.open(`/api/method/frappe.utils.print_format.download_pdf?${args}`);
	},

	// HTML of the traffic light, with its colour as text for screen readers.
	light_html({ light }) {
		return `${cronus_crm.opportunities.light_html({ light })}<span class="sr-only">${escape(__(light || "Grey"))}</span>`;
	},
});

async function find_same(doc, doctype) {
	return (await cronus_crm.duplicates.find(doc)).filter((one) => one.doctype === doctype);
}
