// Cards of the board of opportunities, and the move of a card. framework/kanban_board.js connects them with the framework's
// Kanban.

import { MAX_CARDS, move_dropped_card, show_column_head, show_limit_notice } from "../desk/board_cards";

// What framework/kanban_board.js asks of a board.
export const FIELD = "stage";
// Its name is in English on every site.
export const NAME = "Deals";

export async function load(view) {
	view.stages = await cronus_crm.opportunities.load_stages();
}

export function on_render(view) {
	show_limit_notice(
		view,
		__("Only the {0} opportunities changed last are on the board: filter it to see others.", [MAX_CARDS])
	);
	if (view.board.field_name !== FIELD) return;
	listen_to_moves(view);
	show_column_sums(view);
}

export const on_drop = (view, event) =>
	move_dropped_card(view, event, (opportunity, _from, to) => move_to(view, opportunity, to));

export function card_html(opportunity) {
	const who = opportunity.customer_name || opportunity.prospect_name || opportunity.customer || "";
	const value = cronus_crm.amounts.format(opportunity.value, opportunity.currency);
	const close = opportunity.expected_close ? ` · <span class="text-nowrap">${frappe.datetime.str_to_user(opportunity.expected_close)}</span>` : "";
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
function listen_to_moves(view) {
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

// Number and sum above each column, of all opportunities that the user sees and not only of those with a card. They lead to
// the list: the way to those that are won or lost, which the board itself leaves out.
async function show_column_sums(view) {
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
	const shown = number ? ` · ${cronus_crm.amounts.format(amount, currency)}` : "";
	const href = frappe.utils.get_form_link("Cronus Opportunity", "") + `view/list?stage=${encodeURIComponent(stage)}`;
	show_column_head(column, `${format_number(number, null, 0)}${shown}`, href);
}
