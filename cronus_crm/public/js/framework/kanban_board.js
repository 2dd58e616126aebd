// Overrides parts of the framework's Kanban for the boards of opportunities and of cases. In Frappe 15 and 16 it has no hook
// before a card is saved, formats money without the currency of the record, loads all cards, and leaks a listener for each
// column at each drag. Without the name of a board, it shows an empty page. Boards of other DocTypes behave as before.
import { MAX_CARDS } from "../desk/board_cards";
import * as of_opportunities from "../opportunities/opportunity_board";
import * as of_cases from "../service/case_board";

const BOARDS = { "Cronus Opportunity": of_opportunities, "Cronus Case": of_cases };

const ours = (view) => BOARDS[view?.doctype];

const kanban = frappe.views.KanbanView.prototype;
const { setup_defaults, render, toggle_result_area } = kanban;

kanban.setup_defaults = async function () {
	await setup_defaults.call(this);
	const board = ours(this);
	if (!board) return;
	if (this.board_name === board.NAME) this.page_title = __("Board");
	this.page_length = MAX_CARDS;
	await board.load(this);
};

kanban.render = function () {
	const board = ours(this);
	// Only now the library of the board is loaded.
	if (board) wrap_board();
	render.call(this);
	if (!board) return;
	this.$result.addClass("cronus-board");
	board.on_render(this);
};

// The framework hides the columns of a board without cards, and shows nothing instead.
kanban.toggle_result_area = function () {
	toggle_result_area.call(this);
	if (ours(this)) this.$result.show();
};

const { load_last_view } = frappe.views.KanbanView;

frappe.views.KanbanView.load_last_view = function () {
	const [, doctype, , board] = frappe.get_route();
	if (!BOARDS[doctype] || board) return load_last_view.call(this);
	open_first_board(doctype);
	return true;
};

async function open_first_board(doctype) {
	const boards = (await frappe.views.KanbanView.get_kanbans(doctype)).map(({ name }) => name);
	if (!boards.length) return frappe.views.KanbanView.show_kanban_dialog(doctype);
	const last = frappe.get_user_settings(doctype).Kanban?.last_kanban_board;
	// Else the way back would lead here again.
	frappe.route_flags.replace_route = true;
	frappe.set_route("List", doctype, "Kanban", boards.includes(last) ? last : boards[0]);
}

function wrap_board() {
	if (frappe.views.KanbanBoardColumn.is_wrapped) return;
	const { KanbanBoardColumn: column, KanbanBoardCard: card } = frappe.views;

	frappe.views.KanbanBoardColumn = function (values, $board, permissions) {
		column.call(this, values, $board, permissions);
		const board = ours(cur_list);
		if (!board || cur_list.board.field_name !== board.FIELD) return;
		const drawn = $board.get(0).lastElementChild;
		const title = drawn.querySelector(".kanban-title");
		if (title) title.title = title.textContent.trim();
		board.show_column_sum(cur_list, drawn);
		const cards = drawn.querySelector(".kanban-cards");
		const sortable = window.Sortable.get(cards);
		if (!sortable) return;
		// The order of cards is not stored: opportunity_board.py
		sortable.option("sort", false);
		sortable.option("onEnd", (event) => board.on_drop(cur_list, event));
	};
	frappe.views.KanbanBoardColumn.is_wrapped = true;

	frappe.views.KanbanBoardCard = function (values, $cards) {
		card.call(this, values, $cards);
		const board = BOARDS[values?.doctype];
		if (board) $cards.children().last().find(".kanban-card-doc").html(board.card_html(values.doc));
	};
}
