// The board of deals: the framework's Kanban, whose hooks are too few for what a move means here. It offers no
// question before a card is saved, it formats money without the currency of the deal, it loads every card there
// is, and at each drag it leaves a listener behind for each column. The pieces below are put in the place of its
// own for deals alone; other boards are as they were.

const DEAL = "Cronus Opportunity";
// What a person can look through, and what a browser draws in a second.
const MOST_CARDS = 500;

const is_deals = (view) => view?.doctype === DEAL;

const kanban = frappe.views.KanbanView.prototype;
const { setup_defaults, render } = kanban;

kanban.setup_defaults = async function () {
	await setup_defaults.call(this);
	if (!is_deals(this)) return;
	this.page_length = MOST_CARDS;
	this.stages = await cronus_crm.deals.stages();
};

kanban.render = function () {
	// The library of the board has been loaded by now, and not before.
	if (is_deals(this)) wrap_board();
	render.call(this);
	if (is_deals(this)) say_what_is_left_out(this);
};

function wrap_board() {
	if (frappe.views.KanbanBoardColumn.of_deals) return;
	const { KanbanBoardColumn: column, KanbanBoardCard: card } = frappe.views;

	frappe.views.KanbanBoardColumn = function (values, $board, permissions) {
		column.call(this, values, $board, permissions);
		if (!is_deals(cur_list) || cur_list.board.field_name !== "stage") return;
		const cards = $board.get(0).lastElementChild.querySelector(".kanban-cards");
		const sortable = window.Sortable.get(cards);
		if (!sortable) return;
		// No order of cards is kept, so none is offered.
		sortable.option("sort", false);
		sortable.option("onEnd", (event) => drop(cur_list, event));
	};
	frappe.views.KanbanBoardColumn.of_deals = true;

	frappe.views.KanbanBoardCard = function (values, $cards) {
		card.call(this, values, $cards);
		if (values?.doctype !== DEAL) return;
		$cards.children().last().find(".kanban-card-doc").html(summary(values.doc));
	};
}

function summary(deal) {
	const who = deal.customer_name || deal.prospect_name || deal.customer || "";
	const value = format_currency(deal.value, deal.currency);
	const close = deal.expected_close ? ` · ${frappe.datetime.str_to_user(deal.expected_close)}` : "";
	return `
		<div class="text-truncate">${frappe.utils.escape_html(who)}</div>
		<div class="text-truncate"><b>${value}</b>${close}</div>
		<div>${cronus_crm.deals.light(deal)}${cronus_crm.deals.stalled_mark(deal)}</div>`;
}

async function drop(view, event) {
	const [from, to] = [event.from, event.to].map(
		(cards) => cards.closest(".kanban-column").dataset.columnValue
	);
	const deal = view.data.find(({ name }) => name === decodeURIComponent(event.item.dataset.name));
	if (from === to || !deal) return put_back(event);

	const lost = view.stages[to]?.state === "Not won";
	const reason = lost ? await cronus_crm.deals.ask_loss_reason(deal.title) : {};
	if (!reason) return put_back(event);
	try {
		await frappe.xcall("cronus_crm.cronus_crm.opportunities.opportunity_board.move_opportunity", {
			opportunity: deal.name,
			from_stage: from,
			to_stage: to,
			...reason,
		});
	} catch {
		// The server has said why.
		return put_back(event);
	}
	// A deal that is over stays in sight until the board is read again.
	Object.assign(deal, { stage: to, state: view.stages[to]?.state });
	view.render();
}

function put_back({ from, item, oldIndex }) {
	item.remove();
	from.insertBefore(item, from.children[oldIndex] || null);
}

function say_what_is_left_out(view) {
	view.$result.siblings(".cronus-left-out").remove();
	if (view.data.length < MOST_CARDS) return;
	const text = __("Only the {0} opportunities changed last are on the board: filter it to see others.", [MOST_CARDS]);
	view.$result.before(`<div class="cronus-left-out text-muted small mb-2">${text}</div>`);
}
