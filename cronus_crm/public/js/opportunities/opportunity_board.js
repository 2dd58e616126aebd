// The board of opportunities: what stands on a card, what a drag means, and what is not on the board. How this gets
// into the framework's Kanban: framework/kanban_board.js

// What a person can look through, and what a browser draws in a second.
export const MOST_CARDS = 500;

export function summary(opportunity) {
	const who = opportunity.customer_name || opportunity.prospect_name || opportunity.customer || "";
	const value = format_currency(opportunity.value, opportunity.currency);
	const close = opportunity.expected_close ? ` · ${frappe.datetime.str_to_user(opportunity.expected_close)}` : "";
	return `
		<div class="text-truncate">${frappe.utils.escape_html(who)}</div>
		<div class="text-truncate"><b>${value}</b>${close}</div>
		<div>${cronus_crm.opportunities.light(opportunity)}${cronus_crm.opportunities.stalled_mark(opportunity)}</div>`;
}

export async function drop(view, event) {
	const [from, to] = [event.from, event.to].map(
		(cards) => cards.closest(".kanban-column").dataset.columnValue
	);
	const opportunity = view.data.find(({ name }) => name === decodeURIComponent(event.item.dataset.name));
	if (from === to || !opportunity) return put_back(event);

	const lost = view.stages[to]?.state === "Not won";
	const reason = lost ? await cronus_crm.opportunities.ask_loss_reason(opportunity.title) : {};
	if (!reason) return put_back(event);
	try {
		await frappe.xcall("cronus_crm.api.opportunities.move", {
			opportunity: opportunity.name,
			from_stage: from,
			to_stage: to,
			...reason,
		});
	} catch {
		// The server has said why.
		return put_back(event);
	}
	// An opportunity that is over stays in sight until the board is read again.
	Object.assign(opportunity, { stage: to, state: view.stages[to]?.state });
	view.render();
}

function put_back({ from, item, oldIndex }) {
	item.remove();
	from.insertBefore(item, from.children[oldIndex] || null);
}

export function say_what_is_left_out(view) {
	view.$result.siblings(".cronus-left-out").remove();
	if (view.data.length < MOST_CARDS) return;
	const text = __("Only the {0} opportunities changed last are on the board: filter it to see others.", [MOST_CARDS]);
	view.$result.before(`<div class="cronus-left-out text-muted small mb-2">${text}</div>`);
}
