// The board of opportunities is the framework's Kanban, whose hooks, in Frappe 15 as in 16, are too few for what a move
// means here: it offers no question before a card is saved, formats money without the currency of the opportunity,
// loads every card there is, and at each drag leaves a listener behind for each column. The pieces below are put in
// the place of its own for opportunities alone; other boards are as they were.
import { MOST_CARDS, drop, say_what_is_left_out, summary } from "../opportunities/opportunity_board";

const OPPORTUNITY = "Cronus Opportunity";

const is_ours = (view) => view?.doctype === OPPORTUNITY;

const kanban = frappe.views.KanbanView.prototype;
const { setup_defaults, render } = kanban;

kanban.setup_defaults = async function () {
	await setup_defaults.call(this);
	if (!is_ours(this)) return;
	this.page_length = MOST_CARDS;
	this.stages = await cronus_crm.opportunities.stages();
};

kanban.render = function () {
	// The library of the board has been loaded by now, and not before.
	if (is_ours(this)) wrap_board();
	render.call(this);
	if (is_ours(this)) say_what_is_left_out(this);
};

function wrap_board() {
	if (frappe.views.KanbanBoardColumn.of_opportunities) return;
	const { KanbanBoardColumn: column, KanbanBoardCard: card } = frappe.views;

	frappe.views.KanbanBoardColumn = function (values, $board, permissions) {
		column.call(this, values, $board, permissions);
		if (!is_ours(cur_list) || cur_list.board.field_name !== "stage") return;
		const cards = $board.get(0).lastElementChild.querySelector(".kanban-cards");
		const sortable = window.Sortable.get(cards);
		if (!sortable) return;
		// No order of cards is kept, so none is offered.
		sortable.option("sort", false);
		sortable.option("onEnd", (event) => drop(cur_list, event));
	};
	frappe.views.KanbanBoardColumn.of_opportunities = true;

	frappe.views.KanbanBoardCard = function (values, $cards) {
		card.call(this, values, $cards);
		if (values?.doctype !== OPPORTUNITY) return;
		$cards.children().last().find(".kanban-card-doc").html(summary(values.doc));
	};
}
