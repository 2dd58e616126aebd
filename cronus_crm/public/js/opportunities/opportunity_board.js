// Cards of the board of opportunities, and the move of a card. framework/kanban_board.js connects them with the framework's
// Kanban.

// As many as a browser draws in a second.
export const MAX_CARDS = 500;

export function card_html(opportunity) {
	const who = opportunity.customer_name || opportunity.prospect_name || opportunity.customer || "";
	const value = cronus_crm.amounts.format(opportunity.value, opportunity.currency);
	const close = opportunity.expected_close ? ` · ${frappe.datetime.str_to_user(opportunity.expected_close)}` : "";
	return `
		<div class="text-truncate">${frappe.utils.escape_html(who)}</div>
		<div class="text-truncate"><b>${value}</b>${close}</div>
		<div>${cronus_crm.opportunities.light_html(opportunity)}${cronus_crm.opportunities.stalled_mark_html(opportunity)}</div>`;
}

export async function move_dropped_card(view, event) {
	const [from, to] = [event.from, event.to].map(
		(cards) => cards.closest(".kanban-column").dataset.columnValue
	);
	const opportunity = view.data.find(({ name }) => name === decodeURIComponent(event.item.dataset.name));
	if (from === to || !opportunity) return put_card_back(event);

	const lost = view.stages[to]?.state === "Not won";
	const reason = lost ? await cronus_crm.opportunities.ask_loss_reason(opportunity.title) : {};
	if (!reason) return put_card_back(event);
	try {
		await frappe.xcall("cronus_crm.api.opportunities.move", {
			opportunity: opportunity.name,
			from_stage: from,
			to_stage: to,
			...reason,
		});
	} catch {
		// The desk has shown the error of the server.
		return put_card_back(event);
	}
	// A finished opportunity stays on the board until it is reloaded.
	Object.assign(opportunity, { stage: to, state: view.stages[to]?.state });
	view.render();
}

function put_card_back({ from, item, oldIndex }) {
	item.remove();
	from.insertBefore(item, from.children[oldIndex] || null);
}

export function show_limit_notice(view) {
	view.$result.siblings(".cronus-left-out").remove();
	if (view.data.length < MAX_CARDS) return;
	const text = __("Only the {0} opportunities changed last are on the board: filter it to see others.", [MAX_CARDS]);
	view.$result.before(`<div class="cronus-left-out text-muted small mb-2">${text}</div>`);
}
