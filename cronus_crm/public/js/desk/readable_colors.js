// Text on colours that people have chosen: legible by the measure of WCAG 2, a contrast of 4.5 or more.
frappe.provide("cronus_crm.colors");

const LEAST = 4.5;
const DARK = "#1f2328";
const LIGHT = "#ffffff";

Object.assign(cronus_crm.colors, {
	// `wanted` if it is legible on the background, else dark or white. Both: #rrggbb or #rgb.
	readable_on(background, wanted = null) {
		if (is_colour(wanted) && contrast(wanted, background) >= LEAST) return wanted;
		if (contrast(DARK, background) >= LEAST) return DARK;
		return contrast(LIGHT, background) >= LEAST ? LIGHT : "#000000";
	},

	// The style attribute of something in a colour, with text that is legible on it; empty without a colour.
	style_of(background, wanted = null) {
		if (!is_colour(background)) return "";
		return `style="background:${background};color:${this.readable_on(background, wanted)}"`;
	},
});

// Colours of the framework that are less legible than 4.5 on their own ground: states in lists and forms, and the list of
// the calendar. A dark theme has colours of its own for states.
const IN_LIGHT = 'html:not([data-theme="dark"])';
frappe.dom.set_style(
	`${IN_LIGHT} :is(.indicator-pill, .indicator).yellow { color: var(--yellow-800, #733f12); }
	${IN_LIGHT} :is(.indicator-pill, .indicator).light-blue { color: var(--blue-700, #0c5ca8); }
	.cronus-event.fc-list-item .fc-list-item-time, .cronus-event.fc-list-item .fc-list-item-title,
	.cronus-event.fc-list-item .fc-list-item-title a { color: var(--text-color); }
	${IN_LIGHT} .cronus-event-late.fc-list-item .fc-list-item-title a { color: #9b1c1c; }
	.cronus-event { border-left-width: 4px; }`,
	"cronus-readable-colours"
);

const is_colour = (text) => Boolean(text) && frappe.ui.color.validate_hex(text);

function contrast(one, other) {
	const [lighter, darker] = [luminance(one), luminance(other)].sort((a, b) => b - a);
	return (lighter + 0.05) / (darker + 0.05);
}

// Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
function luminance(hex) {
	const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g);
	const [red, green, blue] = digits.map((pair) => {
		const share = parseInt(pair, 16) / 255;
		return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
