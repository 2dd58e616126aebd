frappe.ui.form.on("Cronus Opportunity", {
	setup(frm) {
		frm.set_query("customer", () => ({ filters: { disabled: 0 } }));
		frm.set_query("seller", () => ({ filters: { enabled: 1 } }));
		frm.set_query("stage", () => ({ filters: { disabled: 0 } }));
		frm.set_query("loss_reason", () => ({ filters: { disabled: 0 } }));
		frm.set_query("medium", () => ({ filters: { disabled: 0 } }));
		frm.set_query("campaign", () => ({ filters: { disabled: 0 } }));
		frm.set_query("product", "products", () => ({ filters: { disabled: 0, is_sold: 1 } }));
		if (frm.is_new() && !frm.doc.currency) frm.set_value("currency", frappe.boot.cronus_currency);
	},

	refresh(frm) {
		cronus_crm.opportunities.show_head(frm, (stage) => move_to_stage(frm, stage));
		if (frm.is_new()) return;
		show_stalled(frm);
		if (!frm.perm[0].write) return;
		show_phone_actions(frm);
		if (frm.doc.customer && frappe.model.can_create("Proforma")) {
			frm.add_custom_button(__("Make proforma"), () => make_proforma(frm)).addClass("btn-primary");
		}
		if (frappe.model.can_create("Cronus Activity")) {
			frm.add_custom_button(__("Activity"), () => open_activity(frm));
		}
		const over = frappe.boot.cronus.opportunity.finished_states.includes(frm.doc.state);
		if (!over) {
			frm.add_custom_button(__("Won"), () => save_in_stage(frm, "Won"), __("Mark as"));
			frm.add_custom_button(__("Not won"), () => mark_as_not_won(frm), __("Mark as"));
		}
		if (frm.doc.state !== "Won" && (over || cint(frm.doc.stalled))) {
			frm.add_custom_button(__("Re-evaluate"), () =>
				cronus_crm.opportunities.reevaluate(frm.doc, () => frm.reload_doc())
			);
		}
	},

	currency: find_prices_again,

	async stage(frm) {
		if (!frm.doc.stage) return;
		const { message: stage } = await frappe.db.get_value("Cronus Stage", frm.doc.stage, [
			"state",
			"probability",
		]);
		frm.set_value({ state: stage.state, probability: stage.probability });
	},
});

frappe.ui.form.on("Cronus Opportunity Product", {
	async product(frm, cdt, cdn) {
		const row = locals[cdt][cdn];
		if (!row.product) return;
		const { [cdn]: price } = await find_prices(frm, [row]);
		frm.found_prices = { ...frm.found_prices, [cdn]: price };
		frappe.model.set_value(cdt, cdn, "price", price);
	},
	quantity: show_product_value,
	price: show_product_value,
	products_remove: show_product_value,
});

// In the currency of the opportunity.
function find_prices(frm, rows) {
	const { customer, currency, opened_on } = frm.doc;
	const products = rows.map(({ name, idx, product, quantity }) => ({ name, idx, product, quantity }));
	return frappe.xcall("cronus_crm.api.opportunities.preview_prices", {
		opportunity: { customer, currency, opened_on, products },
	});
}

// Prices that were found are found again in another currency; those that were written stay.
async function find_prices_again(frm) {
	if (!frm.doc.currency) return;
	const found = frm.found_prices || {};
	const rows = (frm.doc.products || []).filter((row) => row.product && found[row.name] === row.price);
	if (!rows.length) return;
	frm.found_prices = { ...found, ...(await find_prices(frm, rows)) };
	for (const row of rows) row.price = frm.found_prices[row.name];
	show_product_value(frm);
}

function show_product_value(frm) {
	const rows = frm.doc.products || [];
	const round = (amount) => cronus_crm.amounts.round(amount, frm.doc.currency);
	for (const row of rows) row.amount = round(flt(row.quantity) * flt(row.price));
	frm.set_value("value", round(rows.reduce((sum, row) => sum + row.amount, 0)));
	frm.refresh_field("products");
}

// What is planned is said too, so that the mark does not seem to contradict it.
function show_stalled(frm) {
	if (!cint(frm.doc.stalled)) return;
	const next = frm.doc.next_activity_on;
	const when = next && frappe.datetime.str_to_user(next.slice(0, 10), false, true);
	const text = next
		? __("Stalled: nothing has been done about it for a while. The next activity is on {0}.", [when])
		: __("Stalled: nothing has been done about it for a while, and nothing is planned.");
	frm.dashboard.set_headline_alert(text, "orange");
}

function show_phone_actions(frm) {
	const actions = [];
	if (frappe.model.can_create("Cronus Activity")) actions.push([__("Activity"), () => open_activity(frm)]);
	if (frm.doc.customer && frappe.model.can_create("Proforma")) actions.push([__("Make proforma"), () => make_proforma(frm)]);
	cronus_crm.contact_strip.show_actions(frm, actions);
}

// What was written meanwhile is saved with it.
async function move_to_stage(frm, stage) {
	if (frm.is_dirty()) await frm.save();
	if (await cronus_crm.opportunities.move(frm.doc, stage)) await frm.reload_doc();
}

async function save_in_stage(frm, state, others = {}) {
	const stage = await cronus_crm.opportunities.find_first_stage(state);
	if (!stage) {
		frappe.throw(__("No stage in use has the state {0}: an administrator can make one.", [__(state, null, "Cronus Stage")]));
	}
	await frm.set_value({ stage, ...others });
	await frm.save();
}

async function mark_as_not_won(frm) {
	const reason = await cronus_crm.opportunities.ask_loss_reason(frm.doc.title);
	if (reason) await save_in_stage(frm, "Not won", reason);
}

function open_activity(frm) {
	const { name: opportunity, customer, prospect, contact, customer_name, prospect_name, title } = frm.doc;
	const about = { opportunity, customer, prospect, contact, customer_name: customer_name || prospect_name, title };
	cronus_crm.activities.open_dialog(about, { after: () => frm.reload_doc() });
}

async function make_proforma(frm) {
	const [proforma] = await frappe.xcall(
		"cronus_crm.api.documents.make_from_opportunities",
		{ opportunities: frm.doc.name }
	);
	frappe.set_route("Form", "Proforma", proforma);
}
