// What the dialogs of the framework lack for the keyboard and for screen readers, in 15 and 16: a name, the focus in a
// dialog that begins with HTML or a date, Ctrl+Enter, and an Escape that closes one dialog and not two (15), also one
// with a link (16).
const FOCUSABLE = "input, select, textarea, button, a[href], [contenteditable=true]";

const { hide } = frappe.ui.Dialog.prototype;

// Bootstrap hides no dialog that is still opening: an answer that comes sooner would leave it on the page.
frappe.ui.Dialog.prototype.hide = function () {
	const modal = this.$wrapper.data("bs.modal");
	if (modal?._isShown && modal._isTransitioning) this.$wrapper.one("shown.bs.modal", () => hide.call(this));
	else hide.call(this);
};

$(document).on("frappe.ui.Dialog:shown", () => {
	const dialog = window.cur_dialog;
	if (!dialog) return;
	name_dialog(dialog);
	focus_first_control(dialog);
});

function name_dialog({ $wrapper }) {
	const title = $wrapper.find(".modal-title")[0];
	if (!title) return;
	title.id ||= frappe.dom.get_unique_id();
	// Bootstrap gives the role when it shows the dialog.
	$wrapper.attr("aria-labelledby", title.id);
	$wrapper.find(".btn-modal-close").attr("aria-label", __("Close"));
	$wrapper.find(".btn-modal-minimize").attr("aria-label", __("Minimize"));
}

// The framework stops at the first field of any kind, and passes dates over. A question (`frappe.confirm`) keeps the
// focus on itself: it answers Enter there, and its button would answer a second time.
function focus_first_control({ $wrapper, confirm_dialog, no_focus }) {
	const body = $wrapper.find(".modal-body")[0];
	if (confirm_dialog || no_focus || body.contains(document.activeElement)) return;
	[...body.querySelectorAll(FOCUSABLE)].find(({ disabled, offsetParent }) => !disabled && offsetParent)?.focus();
}

frappe.ui.keys.add_shortcut({
	shortcut: "ctrl+enter",
	action: () => {
		// What is being typed counts: some fields take it when they are left.
		document.activeElement?.blur();
		window.cur_dialog.get_primary_btn().trigger("click");
	},
	description: __("Confirm the dialog"),
	condition: can_confirm,
	ignore_inputs: true,
});

// Not where another one answers it already: the quick entry of the framework, and the page behind the dialog.
function can_confirm() {
	const dialog = window.cur_dialog;
	if (!dialog?.display || !dialog.has_primary_action || dialog === frappe.quick_entry?.dialog) return false;
	const button = dialog.get_primary_btn();
	return button.is(":visible") && !button.is(".disabled, :disabled");
}

// One Escape closes one thing, before the framework and Bootstrap see it: both would close a message and then the dialog
// below it, with what was typed there.
document.addEventListener(
	"keydown",
	(event) => {
		const dialog = window.cur_dialog;
		if (event.key !== "Escape" || !dialog?.display || dialog.static) return;
		event.stopPropagation();
		// Another one is on its way over this one, as a message that says what is missing.
		if (document.querySelectorAll(".modal.show").length > frappe.ui.open_dialogs.length) return;
		const list = Awesomplete.all.find(({ input, isOpened }) => isOpened && input === event.target && input.value);
		if (list) list.close({ reason: "esc" });
		else frappe.ui.hide_open_dialog();
	},
	true
);
