"""The text of a message, as safe HTML, and its files."""

import mimetypes
import re
from dataclasses import dataclass
from email.message import Message

from bs4 import BeautifulSoup, Comment
from frappe.utils.html_utils import sanitize_html
from markupsafe import escape

from cronus_crm.cronus_service.mail.raw_mail import clean_text, decode_bytes, read_header

# A longer text is kept as a file, and shown without its form.
MAX_HTML = 400_000
MAX_TEXT = 100_000
MAX_FILES = 50
_MAX_DEPTH = 30
_MAX_FILE_NAME = 120

_SCRIPT, _SCRIPT_END = re.compile(r"(?i)<(?:script|style)\b"), re.compile(r"(?i)</(?:script|style)")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_MAX_TAGS = 250
# What servers tell each other; see `automatic_mail.read_bounce`.
_REPORTS = frozenset(("message/delivery-status", "message/global-delivery-status", "text/rfc822-headers"))
# Elements that are often not closed, or never.
_LEFT_OPEN = frozenset(
	"p li br hr img td tr th dt dd meta link input option col source wbr area base".split()
)

# What shows nothing of a message, or more than the message.
_TAKEN_OUT = (
	"script style link meta base title head iframe frame object embed applet svg math noscript template "
	"audio video source canvas"
).split()
_UNWRAPPED = "html body form input button select textarea option label fieldset o:p font".split()

# What programs mark quoted text with; other classes and ids are of their pages, and not of ours.
QUOTE_MARKS = frozenset(
	"gmail_quote gmail_attr gmail_extra yahoo_quoted moz-cite-prefix divRplyFwdMsg appendonsend".split()
)


@dataclass
class MailFile:
	"""name: without folders and what no file system takes. content_id: by which the text names it, or ""."""

	name: str
	content: bytes
	content_type: str
	content_id: str = ""


@dataclass
class MailParts:
	"""html: safe, "" for a message without text. left_out: names of files that were too many."""

	html: str
	files: list[MailFile]
	left_out: list[str]


def read_parts(message: Message) -> MailParts:
	"""The text and the files of a message."""
	texts: list[tuple[str, bool]] = []
	files: list[MailFile] = []
	_collect(message, texts, files, 0)
	html = _join_texts(texts, files)
	for number, file in enumerate(files, start=1):
		file.name = _clean_name(file.name, file.content_type, number)
	return MailParts(html, files[:MAX_FILES], [file.name for file in files[MAX_FILES:]])


def text_to_html(text: str) -> str:
	"""A plain text as HTML that shows it."""
	lines = text.strip("\n").split("\n")
	return f"<p>{'<br>'.join(str(escape(line)) for line in lines)}</p>"


def clean_html(html: str) -> str:
	"""HTML of a stranger without what could run, load, cover or imitate anything of the page around it."""
	soup = BeautifulSoup(html, "html.parser")
	for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
		comment.extract()
	for tag in soup.find_all(_TAKEN_OUT):
		tag.decompose()
	for tag in soup.find_all(_UNWRAPPED):
		tag.unwrap()
	for tag in soup.find_all(True):
		for name in list(tag.attrs):
			if name.startswith(("data-", "on", "aria-")) or name in ("role", "name", "contenteditable"):
				del tag.attrs[name]
		_keep_marks(tag)
		style = str(tag.attrs.get("style", "")).lower()
		if re.search(r"position|z-index|url\s*\(|expression|transform", style):
			del tag.attrs["style"]
	return clean_text(sanitize_html(str(soup), always_sanitize=True))


def _keep_marks(tag) -> None:
	classes = tag.attrs.pop("class", [])
	kept = [name for name in ([classes] if isinstance(classes, str) else classes) if name in QUOTE_MARKS]
	if kept:
		tag.attrs["class"] = kept
	if "id" in tag.attrs and tag.attrs["id"] not in QUOTE_MARKS:
		del tag.attrs["id"]


def _collect(part: Message, texts: list, files: list[MailFile], depth: int) -> None:
	kind = part.get_content_type()
	children = part.get_payload() if part.is_multipart() else None
	if kind.startswith("multipart/") and isinstance(children, list) and depth < _MAX_DEPTH:
		has_html = kind == "multipart/alternative" and any(_holds_html(child) for child in children)
		for child in children:
			if not (has_html and child.get_content_type() == "text/plain" and not child.get_filename()):
				_collect(child, texts, files, depth + 1)
	elif kind in ("text/plain", "text/html") and not _is_file(part):
		texts.append((decode_bytes(_payload(part), _charset(part)), kind == "text/html"))
	elif kind not in _REPORTS and (content := _payload(part)):
		content_id = read_header(part, "Content-ID").strip("<> ")
		files.append(MailFile(_file_name(part), content, kind, content_id))


def _holds_html(part: Message) -> bool:
	return any(each.get_content_type() == "text/html" for each in part.walk())


def _is_file(part: Message) -> bool:
	return part.get_content_disposition() == "attachment" or bool(_file_name(part))


def _file_name(part: Message) -> str:
	try:
		name = part.get_filename() or ""
		if name.isascii() and "=?" in name:
			name = read_header(_with_header("X", name), "X")
		return clean_text(name)
	except Exception:  # Parameters of RFC 2231 that are broken in many ways.
		return "file"


def _with_header(name: str, value: str) -> Message:
	message = Message()
	message[name] = value.replace("\n", " ").replace("\r", " ")
	return message


def _charset(part: Message) -> str | None:
	try:
		return part.get_content_charset()
	except Exception:
		return None


def _payload(part: Message) -> bytes:
	"""The content of a part, decoded as far as it can be; of a message in a message, the whole of it."""
	try:
		if part.is_multipart():
			inner = part.get_payload()
			return b"\n".join(each.as_bytes() for each in inner)
		payload = part.get_payload(decode=True)
		return payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "replace")
	except Exception:  # Whatever the library makes of broken encodings.
		return b""


def _join_texts(texts: list[tuple[str, bool]], files: list[MailFile]) -> str:
	"""The texts as safe HTML. What is too long for that, or broken beyond it, is shown without its form, and
	kept as a file."""
	whole = "".join(text if is_html else text_to_html(text) for text, is_html in texts if text.strip())
	if not whole.strip():
		return ""
	try:
		if len(whole) <= MAX_HTML and not _is_too_deep(whole):
			return clean_html(whole)
	except Exception:  # Of the parsers: tags in tags without end, declarations that are none.
		pass
	is_html = any(is_html for _text, is_html in texts)
	plain = "\n".join(text for text, _is_html in texts)
	name, kind = ("message.html", "text/html") if is_html else ("message.txt", "text/plain")
	files.append(MailFile(name, plain.encode(), kind))
	if is_html:
		plain = re.sub(r"<[^<>]{0,2000}>", " ", _drop_scripts(plain[: MAX_TEXT * 20]))
	cut = "\n[…]" if len(plain) > MAX_TEXT else ""
	return text_to_html(plain[:MAX_TEXT] + cut)


def _drop_scripts(html: str) -> str:
	"""HTML without scripts and styles. In one pass: a pattern would begin anew at each that is not closed."""
	kept, at = [], 0
	for opening in _SCRIPT.finditer(html):
		if opening.start() >= at:
			kept.append(html[at : opening.start()])
			end = _SCRIPT_END.search(html, opening.end())
			at = end.end() if end else len(html)
	return " ".join([*kept, html[at:]])


def _is_too_deep(html: str) -> bool:
	"""True for tags in tags that no page has: parsers need the square of their depth."""
	depth = 0
	for closing, name in _TAG.findall(html):
		if name.lower() not in _LEFT_OPEN:
			depth = max(depth - 1, 0) if closing else depth + 1
		if depth > _MAX_TAGS:
			return True
	return False


def _clean_name(name: str, content_type: str, number: int) -> str:
	name = re.split(r"[/\\]", name)[-1]
	name = re.sub(r'[<>:"|?*%#&;\x00-\x1f\u200e\u200f\u202a-\u202e\u2066-\u2069]', "", name)
	name = " ".join(name.split()).strip(". ")
	stem, dot, extension = name.rpartition(".")
	if not dot or not 1 <= len(extension) <= 10:
		stem, extension = name, (mimetypes.guess_extension(content_type) or ".bin").lstrip(".")
		extension = "eml" if content_type == "message/rfc822" else extension
	return f"{stem[:_MAX_FILE_NAME] or f'attachment-{number}'}.{extension}"
