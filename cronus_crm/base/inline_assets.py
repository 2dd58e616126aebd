"""Embeds the assets of an HTML page as data URLs, so that the PDF engine fetches nothing.

Why: users can put pictures, styles and frames into a note. The PDF engine would fetch their URLs from inside
the server's network, with the session of the user who prints (server-side request forgery). Besides, a
background job may not reach the site by its URL, and a server with a single worker cannot answer its own
request.
"""

import base64
import mimetypes
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import frappe
from bs4 import BeautifulSoup, Tag
from frappe.core.doctype.file.utils import find_file_by_url
from frappe.utils import get_url

# Elements that fetch or run something. A printed page loses nothing visible without them.
_REMOVED_ELEMENTS = (
	"script",
	"iframe",
	"frame",
	"frameset",
	"object",
	"embed",
	"applet",
	"base",
	"audio",
	"video",
	"form",
)

# Attributes whose URL a renderer fetches. The `href` of a link (`a`, `area`) is not fetched.
_FETCHED_ATTRIBUTES = (
	"src",
	"srcset",
	"href",
	"xlink:href",
	"background",
	"poster",
	"data",
	"lowsrc",
	"dynsrc",
	"action",
)

_URL = re.compile(r"""url\(\s*(["']?)(.*?)\1\s*\)""", re.IGNORECASE | re.DOTALL)
_IMPORT = re.compile(r"@import\b[^;]*;?", re.IGNORECASE)
_OTHER_FETCHES = re.compile(r"image-set\(|\bimage\(|-moz-element|expression\(", re.IGNORECASE)
_CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6}\s?|.)", re.DOTALL)


def embed_assets(html: str) -> str:
	"""The page with its styles, fonts and pictures embedded as data URLs.

	Embedded are the site's own assets, its public files, and private files that the session's user may read.
	Any other URL is removed, as are scripts, frames and other elements that fetch something.
	"""
	page = BeautifulSoup(html, "html5lib")
	for element in page.find_all(_REMOVED_ELEMENTS):
		element.decompose()
	for meta in page.find_all("meta", attrs={"http-equiv": True}):
		if meta["http-equiv"].strip().lower() == "refresh":
			meta.decompose()
	for element in page.find_all(True):
		_embed_attributes(element)
	for style in page.find_all("style"):
		style.string = _embed_style(style.get_text())
	return str(page)


def _embed_attributes(element: Tag) -> None:
	"""Replaces the URLs in the attributes of an element by data URLs, or removes them."""
	if "style" in element.attrs:
		element["style"] = _embed_style(element["style"])
	for name in _FETCHED_ATTRIBUTES:
		if name not in element.attrs or (element.name in ("a", "area") and name == "href"):
			continue
		address = str(element[name]).strip()
		if address.startswith(("data:", "#")):
			continue
		if content := _load_data_url(address):
			element[name] = content
		elif element.name in ("img", "link"):
			# The framework expects every remaining picture to have a `src`, so the element itself is removed.
			element.replace_with(element.get("alt") or "")
			return
		else:
			del element[name]


def _embed_style(css: str) -> str:
	"""The CSS with its URLs replaced by data URLs. CSS that could fetch something in another way, or that
	hides a URL behind escapes, is removed as a whole."""
	plain = _CSS_ESCAPE.sub(_unescape_css, css)
	hidden = len(_URL.findall(plain)) > len(_URL.findall(css)) or "@import" in plain.lower()
	if _OTHER_FETCHES.search(plain) or (hidden and not _IMPORT.search(css)):
		return ""
	css = _IMPORT.sub("", css)
	return _URL.sub(lambda found: f"url({_load_data_url(found[2].strip()) or 'data:,'})", css)


def _unescape_css(escape: re.Match) -> str:
	digits = escape[1].strip()
	try:
		return chr(int(digits, 16)) if re.fullmatch(r"[0-9a-fA-F]+", digits) else escape[1]
	except ValueError:
		return ""


def _load_data_url(address: str) -> str | None:
	"""The data URL with the content of a file of the site; None for any other URL and for a missing file."""
	if address.startswith("data:"):
		return address
	address = address.removeprefix(get_url())
	path = unquote(urlsplit(address).path)
	if not address.startswith("/") or address.startswith("//"):
		return None
	if path.startswith("/assets/"):
		return _read_data_url(Path(frappe.local.sites_path, "assets"), path.removeprefix("/assets/"))
	if path.startswith("/files/"):
		return _read_data_url(Path(frappe.get_site_path("public", "files")), path.removeprefix("/files/"))
	if path.startswith("/private/files/"):
		# Finds a private file only when the session's user may read it.
		file = find_file_by_url(path)
		# Its bytes: `get_content` of Frappe 16 takes some pictures for text in a Windows code page.
		return _encode_data_url(path, Path(file.get_full_path()).read_bytes()) if file else None
	return None


def _read_data_url(folder: Path, name: str) -> str | None:
	path = folder / name
	# Path traversal: only files inside the folder are read.
	if ".." in path.parts or not path.is_file():
		return None
	return _encode_data_url(path.name, path.read_bytes())


def _encode_data_url(name: str, content: bytes) -> str | None:
	"""The data URL of a file, by the media type of its name; None unless it is a picture, a font or CSS."""
	media_type = mimetypes.guess_type(name)[0] or ""
	if not media_type.startswith(("image/", "font/", "text/css")):
		return None
	return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
