// What can be done with the record of a row, behind one icon. The settings of a list name it in row_actions:
// [{ label, action(doc), show(doc) }].

let open_menu = null;

export const row_actions_of = (view, doc) =>
	(view.settings.row_actions?.() || []).filter(({ show }) => !show || show(doc));

export function menu_button_html(doc) {
	const label = frappe.utils.escape_html(__("Actions for {0}", [doc.name]));
	return `
		<button type="button" class="btn btn-xs cronus-row-menu" data-idx="${cint(doc._idx)}" aria-haspopup="menu"
			title="${__("Actions")}" aria-label="${label}">${frappe.utils.icon("dot-horizontal", "sm")}</button>`;
}

// In the capture phase and before the framework's handler of the row, which would open the record.
export function listen_to_menus(view) {
	view.$result[0].addEventListener(
		"click",
		(event) => {
			const button = event.target.closest(".cronus-row-menu");
			if (!button) return;
			event.stopPropagation();
			event.preventDefault();
			const doc = view.data[button.dataset.idx];
			show_menu(button, row_actions_of(view, doc), doc);
		},
		true
	);
}

// A child of the body, as the list cuts what is larger than it.
function show_menu(button, actions, doc) {
	close_menu();
	const menu = document.createElement("div");
	menu.className = "dropdown-menu show cronus-menu";
	menu.setAttribute("role", "menu");
	for (const { label, action } of actions) {
		const item = document.createElement("button");
		item.type = "button";
		item.className = "dropdown-item";
		item.setAttribute("role", "menuitem");
		item.textContent = label;
		item.addEventListener("click", () => {
			close_menu();
			action(doc);
		});
		menu.append(item);
	}
	document.body.append(menu);
	const { right, bottom, top } = button.getBoundingClientRect();
	const below = bottom + menu.offsetHeight < window.innerHeight;
	menu.style.left = `${Math.max(8, right - menu.offsetWidth)}px`;
	menu.style.top = `${below ? bottom : Math.max(8, top - menu.offsetHeight)}px`;
	open_menu = { menu, button };
	menu.firstElementChild?.focus();
}

function close_menu() {
	open_menu?.menu.remove();
	open_menu = null;
}

document.addEventListener("click", ({ target }) => {
	if (open_menu && !open_menu.menu.contains(target)) close_menu();
});
document.addEventListener("scroll", close_menu, true);
// In the capture phase, as the framework takes the focus away at Escape.
document.addEventListener(
	"keydown",
	(event) => {
		const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
		if (!open_menu || !(step || event.key === "Escape")) return;
		event.preventDefault();
		event.stopPropagation();
		const { menu, button } = open_menu;
		if (step) {
			const items = [...menu.children];
			const at = items.indexOf(document.activeElement);
			return items[(at + step + items.length) % items.length]?.focus();
		}
		close_menu();
		button.focus();
	},
	true
);
