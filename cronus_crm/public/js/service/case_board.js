// Cards of the board of cases. framework/kanban_board.js connects them with the framework's Kanban.
import { MAX_CARDS, move_dropped_card, show_column_head, show_limit_notice } from "../desk/board_cards";

export const FIELD = "state";
// Its name is in English on every site.
export const NAME = "Cases";

const escape = frappe.utils.escape_html;

export async function load(view) {
	view.states = await cronus_crm.cases.load_states();
}

export function on_render(view) {
	show_limit_notice(view, __("Only the {0} cases changed last are on the board: filter it to see others.", [MAX_CARDS]));
	if (view.board.field_name === FIELD) count_columns(view);
}

export const on_drop = (view, event) =>
	move_dropped_card(view, event, async (doc, from_state, to_state) => {
		const moved = await cronus_crm.cases.move(doc.name, from_state, to_state);
		if (moved) Object.assign(doc, { state: to_state, category: view.states[to_state]?.category });
		return moved;
	});

export function card_html(doc) {
	const { account_name, priority, agent, opened_on } = doc;
	const who = agent ? frappe.user.full_name(agent) : __("Nobody yet");
	const opened = opened_on ? frappe.datetime.str_to_user(opened_on.slice(0, 10), false, true) : "";
	return `
		<div class="text-truncate">${escape(account_name || "")}</div>
		<div class="text-truncate">${escape(who)}</div>
		<div class="d-flex flex-wrap align-items-center">
			${cronus_crm.cases.priority_html(priority)}<span class="text-muted ml-2">${escape(opened)}</span>
		</div>`;
}

async function count_columns(view) {
	view.column_sums = await frappe.xcall("cronus_crm.api.cases.count_columns", { filters: view.get_filters_for_args() });
	for (const column of view.$result[0].querySelectorAll(".kanban-column")) show_column_sum(view, column);
}

// The board draws its columns before or after the numbers have come. Of states that are over only the list is linked to.
export function show_column_sum(view, column) {
	if (!view.column_sums) return;
	const state = column.dataset.columnValue;
	const is_over = cronus_crm.cases.OVER.includes(view.states[state]?.category);
	const text = is_over ? __("See the list") : format_number(view.column_sums[state] || 0, null, 0);
	const href = frappe.utils.get_form_link("Cronus Case", "") + `view/list?state=${encodeURIComponent(state)}`;
	show_column_head(column, text, href);
}
