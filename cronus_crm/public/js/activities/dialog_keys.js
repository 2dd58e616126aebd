// Ctrl+Enter (or Cmd+Enter) confirms a dialog from any of its fields.
export function confirm_by_key(dialog) {
	dialog.$wrapper[0].addEventListener("keydown", (event) => {
		if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
		event.preventDefault();
		event.stopPropagation();
		// What is being typed counts: some fields take it when they are left.
		document.activeElement?.blur();
		const button = dialog.get_primary_btn();
		if (!button.hasClass("disabled")) button.trigger("click");
	});
}
