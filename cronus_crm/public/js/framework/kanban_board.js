// Overrides parts of the framework's Kanban for the board of opportunities. In Frappe 15 and 16 it has no hook before a
// card is saved, formats money without the currency of the opportunity, loads all cards, and leaks a listener for each
// column at each drag. Without the name of a board, it shows an empty page. Boards of other DocTypes behave as before.
import {
	MAX_CARDS,
	card_html,
	listen_to_moves,
	move_dropped_card,
	show_column_sum,
	show_column_sums,
	show_limit_notice,
} from "../opportunities/opportunity_board";

const OPPORTUNITY = "Cronus Opportunity";

// Its name is in English on every site.
const BOARD_OF_THE_APP = "Deals";

const is_ours = (view) => view?.doctype === OPPORTUNITY;

const kanban = frappe.views.KanbanView.prototype;
const { setup_defaults, render, toggle_result_area } = kanban;

kanban.setup_defaults = async function () {
	await setup_defaults.call(this);
	if (!is_ours(this)) return;
	if (this.board_name === BOARD_OF_THE_APP) this.page_title = __("Board");
	this.page_length = MAX_CARDS;
	this.stages = await cronus_crm.opportunities.load_stages();
};

kanban.render = function () {
	// Only now the library of the board is loaded.
	if (is_ours(this)) wrap_board();
	render.call(this);
	if (!is_ours(this)) return;
	this.$result.addClass("cronus-board");
	show_limit_notice(this);
	if (this.board.field_name !== "stage") return;
	listen_to_moves(this);
	show_column_sums(this);
};

// The framework hides the columns of a board without cards, and shows nothing instead.
kanban.toggle_result_area = function () {
	toggle_result_area.call(this);
	if (is_ours(this)) this.$result.show();
};

const { load_last_view } = frappe.views.KanbanView;

frappe.views.KanbanView.load_last_view = function () {
	const [, doctype, , board] = frappe.get_route();
	if (doctype !== OPPORTUNITY || board) return load_last_view.call(this);
	open_first_board();
	return true;
};

async function open_first_board() {
	const boards = (await frappe.views.KanbanView.get_kanbans(OPPORTUNITY)).map(({ name }) => name);
	if (!boards.length) return frappe.views.KanbanView.show_kanban_dialog(OPPORTUNITY);
	const last = frappe.get_user_settings(OPPORTUNITY).Kanban?.last_kanban_board;
	// Else the way back would lead here again.
	frappe.route_flags.replace_route = true;
	frappe.set_route("List", OPPORTUNITY, "Kanban", boards.includes(last) ? last : boards[0]);
}

function wrap_board() {
	if (frappe.views.KanbanBoardColumn.of_opportunities) return;
	const { KanbanBoardColumn: column, KanbanBoardCard: card } = frappe.views;

	frappe.views.KanbanBoardColumn = function (values, $board, permissions) {
		column.call(this, values, $board, permissions);
		if (!is_ours(cur_list) || cur_list.board.field_name !== "stage") return;
		const drawn = $board.get(0).lastElementChild;
		const title = drawn.querySelector(".kanban-title");
		if (title) title.title = title.textContent.trim();
		show_column_sum(cur_list, drawn);
		const cards = drawn.querySelector(".kanban-cards");
		const sortable = window.Sortable.get(cards);
		if (!sortable) return;
		// The order of cards is not stored: opportunity_board.py
		sortable.option("sort", false);
		sortable.option("onEnd", (event) => move_dropped_card(cur_list, event));
	};
	frappe.views.KanbanBoardColumn.of_opportunities = true;

	frappe.views.KanbanBoardCard = function (values, $cards) {
		card.call(this, values, $cards);
		if (values?.doctype !== OPPORTUNITY) return;
		$cards.children().last().find(".kanban-card-doc").html(card_html(values.doc));
	};
}
