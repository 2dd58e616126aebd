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
		<div class="d-flex flex-wrap align-items-center">
			${cronus_crm.opportunities.light_html(opportunity)}${cronus_crm.opportunities.stalled_mark_html(opportunity)}
			${next_stage_html(opportunity)}
		</div>`;
}

// The button that moves a card to the next stage on the way to a sale.
function next_stage_html({ name, stage }) {
	const next = cronus_crm.opportunities.find_next_stage(cur_list?.stages, stage);
	if (!next || !frappe.model.can_write("Cronus Opportunity")) return "";
	const label = frappe.utils.escape_html(__(next));
	return `
		<button type="button" class="btn btn-xs btn-default ml-auto cronus-next-stage" data-name="${frappe.utils.escape_html(name)}"
			data-stage="${frappe.utils.escape_html(next)}" title="${__("Move to {0}", [label])}">→ ${label}</button>`;
}

// In the capture phase, before the link of the card.
export function listen_to_moves(view) {
	if (view.listens_to_moves) return;
	view.listens_to_moves = true;
	view.$result[0].addEventListener(
		"click",
		(event) => {
			const button = event.target.closest(".cronus-next-stage");
			if (!button) return;
			event.preventDefault();
			event.stopPropagation();
			const opportunity = view.data.find(({ name }) => name === button.dataset.name);
			if (opportunity) move_to(view, opportunity, button.dataset.stage);
		},
		true
	);
}

export async function move_dropped_card(view, event) {
	const [from, to] = [event.from, event.to].map(
		(cards) => cards.closest(".kanban-column").dataset.columnValue
	);
	const opportunity = view.data.find(({ name }) => name === decodeURIComponent(event.item.dataset.name));
	if (from === to || !opportunity) return put_card_back(event);

	if (!(await move_to(view, opportunity, to))) put_card_back(event);
}

// Gives back whether the opportunity was moved.
async function move_to(view, opportunity, stage) {
	const moved = await cronus_crm.opportunities.move(opportunity, stage);
	// A finished opportunity stays on the board until it is reloaded.
	if (moved) {
		Object.assign(opportunity, { stage, state: view.stages[stage]?.state });
		view.render();
	}
	return moved;
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

// Number and sum above each column, of all opportunities that the user sees and not only of those with a card. They lead to
// the list: the way to those that are won or lost, which the board itself leaves out.
export async function show_column_sums(view) {
	const of_board = view.board.filters_array.filter(([, fieldname]) => fieldname === "state").map(String);
	const filters = view.get_filters_for_args().filter((filter) => !of_board.includes(String(filter.slice(0, 4))));
	view.column_sums = await frappe.xcall("cronus_crm.api.opportunities.sum_columns", { filters });
	for (const column of view.$result[0].querySelectorAll(".kanban-column")) show_column_sum(view, column);
}

// The board draws its columns before or after the sums have come.
export function show_column_sum(view, column) {
	if (!view.column_sums) return;
	const { currency, stages } = view.column_sums;
	const stage = column.dataset.columnValue;
	const { number, amount } = stages[stage] || { number: 0, amount: 0 };
	let link = column.querySelector(".cronus-column-sum");
	if (!link) {
		link = document.createElement("a");
		link.className = "cronus-column-sum";
		column.querySelector(".kanban-column-header").after(link);
	}
	const shown = number ? ` · ${cronus_crm.amounts.format(amount, currency)}` : "";
	link.textContent = `${format_number(number, null, 0)}${shown}`;
	link.title = __("Show them in a list");
	link.href = frappe.utils.get_form_link("Cronus Opportunity", "") + `view/list?stage=${encodeURIComponent(stage)}`;
}
