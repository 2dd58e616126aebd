// A row of buttons for a moment: tomorrow, in three working days, next Monday, as the server suggests them.
frappe.dom.set_style(
	`[data-when][aria-pressed="true"], [data-when][aria-pressed="true"]:hover {
		background: var(--gray-900, #171717); color: #ffffff;
	}`,
	"cronus-when-buttons"
);

const LABELS = {
	happened: () => __("Already happened"),
	hour: () => __("In an hour"),
	tomorrow: () => __("Tomorrow"),
	working_day: () => __("Next working day"),
	three_working_days: () => __("In 3 working days"),
	monday: () => __("Next Monday"),
	date: () => __("Another date"),
};

// suggestions: [{ choice, starts_on }]. Their HTML, for a field of a dialog.
export function when_buttons_html(suggestions, label) {
	const buttons = suggestions.map(({ choice, starts_on }, index) => {
		const title = starts_on ? frappe.datetime.str_to_user(starts_on) : "";
		return `<button type="button" class="btn btn-default btn-sm mr-2 mb-2" data-when="${index}"
			data-choice="${choice}" aria-pressed="false" title="${frappe.utils.escape_html(title)}">${LABELS[choice]()}</button>`;
	});
	return `<div role="group" aria-label="${frappe.utils.escape_html(label)}">${buttons.join("")}</div>`;
}

// Calls on_choose(suggestion) at a click on a button in the element.
export function bind_when_buttons(element, suggestions, on_choose) {
	element.addEventListener("click", ({ target }) => {
		const button = target.closest("[data-when]");
		if (button) on_choose(suggestions[button.dataset.when]);
	});
	// One stop of the tab key; the arrows lead to the others.
	element.addEventListener("keydown", (event) => {
		const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
		if (!step || !event.target.closest("[data-when]")) return;
		event.preventDefault();
		const buttons = [...element.querySelectorAll("[data-when]")];
		const index = buttons.indexOf(event.target.closest("[data-when]"));
		buttons[(index + step + buttons.length) % buttons.length].focus();
	});
	mark_when_button(element, null);
}

export function mark_when_button(element, chosen) {
	const buttons = [...element.querySelectorAll("[data-when]")];
	const has_chosen = buttons.some((button) => button.dataset.choice === chosen);
	for (const [index, button] of buttons.entries()) {
		const pressed = button.dataset.choice === chosen;
		button.tabIndex = pressed || (!has_chosen && index === 0) ? 0 : -1;
		button.setAttribute("aria-pressed", pressed);
	}
}
