"""Pages for the PDF engine, with everything that they show in them: it is given no address to fetch, and no
session.

Whoever writes a note may put a picture, a style or a frame into it, and the engine would fetch its address
from the server's network with the session of whoever prints. Also, a job may not reach the site by its
address, and a server with one worker cannot answer itself.
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

# Elements that are there to fetch or to run something; none of them prints anything that is missed.
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

# Attributes whose address is fetched when the page is shown. `href` of a link to click is not.
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
	"""The page with its styles and pictures in the place of their addresses: the site's own assets, public
	files, and private files that the session's user may read. What comes from elsewhere is left out."""
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
			# The framework looks for the address of each picture that is there.
			element.replace_with(element.get("alt") or "")
			return
		else:
			del element[name]


def _embed_style(css: str) -> str:
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
	"""The content of a file of the site as an address of its own; None for any other address."""
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
		# Gives a file only to those who may read it.
		file = find_file_by_url(path)
		return _encode_data_url(path, file.get_content()) if file else None
	return None


def _read_data_url(folder: Path, name: str) -> str | None:
	path = folder / name
	# What is served is what the folder has, not what a way out of it leads to.
	if ".." in path.parts or not path.is_file():
		return None
	return _encode_data_url(path.name, path.read_bytes())


def _encode_data_url(name: str, content: bytes | str) -> str | None:
	media_type = mimetypes.guess_type(name)[0] or ""
	if not media_type.startswith(("image/", "font/", "text/css")):
		return None
	content = content.encode() if isinstance(content, str) else content
	return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
