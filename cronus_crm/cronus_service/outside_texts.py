"""Texts that people without a place in the desk read: HTML that runs nothing, and names no file of the site
but those that it is said to have."""

from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from frappe.utils import sanitize_html

_PRIVATE = "/private/files/"

# Elements that change or leave the page around a text.
_NOT_OF_A_TEXT = (
	*("style", "link", "meta", "base", "script", "svg", "math"),
	*(
		"iframe",
		"embed",
		"object",
		"video",
		"audio",
		"source",
		"form",
		"input",
		"button",
		"select",
		"textarea",
	),
)


def render_outside(html: str | None, own: Mapping[str, str], build_address: Callable[[str], str]) -> str:
	"""A stored text as HTML for the page.

	own: private files that it may show: names by path. build_address: where such a file is served, by its
	name. Pictures and links of any other private file are taken out.
	"""
	soup = BeautifulSoup(sanitize_html(html or "", always_sanitize=True), "html.parser")
	for tag in soup.find_all(_NOT_OF_A_TEXT):
		tag.decompose()
	for tag in soup.find_all(["img", "a"]):
		attribute = "src" if tag.name == "img" else "href"
		address = tag.get(attribute) or ""
		if _PRIVATE in unquote(address):
			if file := own.get(get_path(address)):
				tag[attribute] = build_address(file)
			else:
				tag.decompose()
				continue
		if tag.name == "a":
			tag["rel"] = "noopener nofollow"
	return str(soup)


def get_path(address: str) -> str:
	"""The path of an address, as the site's files name it."""
	return unquote(urlsplit(address).path)


def list_paths(html: str | None) -> set[str]:
	"""The paths that a text names in pictures and links."""
	soup = BeautifulSoup(html or "", "html.parser")
	addresses = (tag.get("src") or tag.get("href") for tag in soup.find_all(["img", "a"]))
	return {get_path(address) for address in addresses if address}
