"""What is looked at on any page of the desk: its accessibility, its width, and the language of its words."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import frappe
from babel.messages.pofile import read_po
from playwright.sync_api import Page

# Where scripts/test installs it; tests run in the bench's folder of sites.
AXE = Path("../.cronus/test-packages/node_modules/axe-core/axe.min.js")

SERIOUS = ("serious", "critical")


@dataclass(frozen=True)
class OfFrame:
	"""A finding in what the framework draws around our pages, which an app cannot mend.

	rule: of axe. selector: the elements. reason: what it is, and what helps people all the same.
	"""

	rule: str
	selector: str
	reason: str


OF_FRAME = (
	OfFrame(
		"color-contrast",
		".avatar-frame",
		"initials of a user in a colour of their own; the name is its title",
	),
	OfFrame("button-name", ".btn-new-workspace", "maker of workspaces, which no page of ours needs"),
	OfFrame("label", ".dt-cell input[type=checkbox]", "boxes of a report's rows, drawn while one scrolls"),
	OfFrame(
		"label", ".dt-paste-target", "of a report's table: takes what is pasted, and nobody gets into it"
	),
	OfFrame("label", ".render-list-checkbox", "outline of a row while a list is read"),
	OfFrame("label-content-name-mismatch", ".navbar .nav-link", "menu of the user, which shows initials"),
	OfFrame("link-name", ".data-pill a", "lock of an attached file; the file's name beside it is a link too"),
	OfFrame("list", ".sidebar-menu", "sidebars: lists with divisions and links between their items"),
	OfFrame("listitem", ".list-sidebar li, .form-sidebar li", "items in these divisions; each is read"),
	OfFrame(
		"nested-interactive", ".data-pill", "attached file: a button with links, which the Tab key reaches"
	),
	OfFrame(
		"tabindex", ".list-row-container:has(.render-list-checkbox)", "outline of a row while a list is read"
	),
)

# Pages that were left stay in the document of the desk, hidden, and so do hundreds of drawings of icons: axe
# reads all of them before it looks at what is seen, nine elements of ten after a tour. They are out then.
_RUN_AXE = """
async ({ frame, impacts }) => {
	const left = [...document.querySelectorAll(".page-container")].filter((page) => !page.checkVisibility());
	const unseen = [...left, ...document.querySelectorAll("svg:has(> symbol)")];
	const places = unseen.map((element) => {
		const place = document.createComment("");
		element.replaceWith(place);
		return place;
	});
	// The element itself: an outline may be gone from the page by now.
	const { violations } = await axe
		.run(document, { resultTypes: ["violations"], elementRef: true })
		.finally(() => places.forEach((place, number) => place.replaceWith(unseen[number])));
	const is_of_frame = (rule, element) =>
		frame.some((one) => one.rule === rule && element.matches(one.selector));
	return violations
		.filter(({ impact }) => impacts.includes(impact))
		.flatMap(({ id, nodes }) => nodes.map((node) => ({ id, ...node })))
		.filter(({ id, element }) => !is_of_frame(id, element))
		.map(({ id, target, html, any }) =>
			[`${id}: ${target.at(-1)}`, html.slice(0, 200), any[0]?.message].join("\\n\\t")
		);
}
"""

# Text that is seen, and what is read aloud or shown over it.
_READ_TEXTS = """
() => {
	const texts = new Set();
	const seen = { opacityProperty: true, visibilityProperty: true };
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const { parentElement, textContent } = walker.currentNode;
		if (!textContent.trim() || ["SCRIPT", "STYLE", "NOSCRIPT"].includes(parentElement.tagName)) continue;
		if (parentElement.checkVisibility(seen)) texts.add(textContent.trim());
	}
	for (const attribute of ["title", "aria-label", "placeholder", "data-original-title", "alt"]) {
		for (const element of document.querySelectorAll(`[${attribute}]`)) {
			if (element.checkVisibility()) texts.add(element.getAttribute(attribute).trim());
		}
	}
	return [...texts];
}
"""


def settle(page: Page) -> None:
	"""Waits until a page has no request under way."""
	page.wait_for_load_state("networkidle")
	page.wait_for_function("() => !frappe.request.ajax_count")


def find_serious(page: Page) -> list[str]:
	"""The serious and critical findings of axe on a page, without those of OF_FRAME."""
	assert AXE.exists(), "axe-core is not installed: run the tests with scripts/test"
	page.evaluate(AXE.read_text())
	frame = [{"rule": one.rule, "selector": one.selector} for one in OF_FRAME]
	return page.evaluate(_RUN_AXE, {"frame": frame, "impacts": SERIOUS})


def exceeds_width(page: Page) -> bool:
	"""Whether a page has to be moved sideways to be seen whole."""
	return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def read_texts(page: Page) -> list[str]:
	return page.evaluate(_READ_TEXTS)


# Words of English that are none in Spanish, nor names.
_ENGLISH = re.compile(
	r"\b(?:the|and|of|with|your|you|this|that|from|have|has|not|are|was|be|will|please|select|search|filters?|"
	r"add|edit|save|saved|delete|new|view|show|hide|open|close|cancel|yes|loading|created?|by|ago|last|next|"
	r"previous|values?|name|type|date|rows?|columns?|is|cannot|must|required|document|customer|seller|prospect|"
	r"opportunity|invoice|payment|swatches|[1-9]\d* (?:[wdhMy]|weeks?|days?|hours?|months?|years?))\b"
)


# Names that scaffold.unique has made.
_MADE_NAME = re.compile(r"\d+-[0-9a-f]{6}\b")

# English in Spanish too; names that libraries of the framework write into pages as they are (text editor,
# calendar), and what stands for pictures of empty lists.
_OF_BOTH = frozenset(
	{"", "Cronus CRM", "Administrator", "bold", "italic", "link", "next", "prev"}
	| {"Generic Empty State", "Grid Empty State", "Begin typing for results."}
)


def find_english(texts: list[str]) -> list[str]:
	"""The texts of a Spanish page that are the English of a message, or have English words; not names of
	records that tests have made."""
	spanish = read_spanish()
	known = {*spanish.values(), *_OF_BOTH}
	return sorted(
		text
		for text in texts
		if text not in known
		and not _MADE_NAME.search(text)
		and (spanish.get(text, text) != text or _ENGLISH.search(text))
	)


@cache
def read_spanish() -> dict[str, str]:
	"""Spanish by English, of the framework's messages and of ours; "" for what has no Spanish."""
	messages = {}
	for app in ("frappe", "cronus_crm"):
		with (Path(frappe.get_app_path(app)) / "locale" / "es.po").open("rb") as file:
			messages.update(
				{
					message.id: message.string
					for message in read_po(file)
					if isinstance(message.id, str) and message.id
				}
			)
	return messages
