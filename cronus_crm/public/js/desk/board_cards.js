// What boards of ours have in common: moving a card, the notice of those that are left out, the head of a column.

// As many as a browser draws in a second.
export const MAX_CARDS = 500;

// move(doc, from, to): a promise of whether the record was moved.
export async function move_dropped_card(view, event, move) {
	const [from, to] = [event.from, event.to].map((cards) => cards.closest(".kanban-column").dataset.columnValue);
	const doc = view.data.find(({ name }) => name === decodeURIComponent(event.item.dataset.name));
	if (from === to || !doc) return put_card_back(event);
	if (!(await move(doc, from, to))) put_card_back(event);
}

function put_card_back({ from, item, oldIndex }) {
	item.remove();
	from.insertBefore(item, from.children[oldIndex] || null);
}

// text: what is said when not all records have a card.
export function show_limit_notice(view, text) {
	view.$result.siblings(".cronus-left-out").remove();
	if (view.data.length < MAX_CARDS) return;
	view.$result.before(`<div class="cronus-left-out text-muted small mb-2">${text}</div>`);
}

// The line under the title of a column, which leads to the list.
export function show_column_head(column, text, href) {
	let link = column.querySelector(".cronus-column-sum");
	if (!link) {
		link = document.createElement("a");
		link.className = "cronus-column-sum";
		column.querySelector(".kanban-column-header").after(link);
	}
	link.textContent = text;
	link.title = __("Show them in a list");
	link.href = href;
}
