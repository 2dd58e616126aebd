// Words that the framework's Spanish leaves in English: how long ago something was, in lists, what removes the filters of a
// list, and the field of colours; in 16, what stands beside every page and form. They stand here so that they are among our
// messages, whose translations come after the framework's.
export const words = () => [
	__("{0} w"),
	__("{0} M"),
	__("{0} y"),
	__("SWATCHES"),
	__("Clear all filters"),
	__("Search"),
	__("Search or type a command"),
	__("Notification"),
	__("Last Edited by You"),
	__("Last Edited by {0}"),
	__("Created By You"),
	__("Created By {0}"),
];
