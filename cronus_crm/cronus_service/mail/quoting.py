"""What of a message was quoted from the ones before, so that the conversation shows what is new.

The message is looked at line by line, as it is seen: programs mark what they quote by elements (a
blockquote), by a line above it (“El 3 de mayo Rosa escribió:”, “On … wrote:”), by the heads of the former
message (De, Enviado, Para, Asunto), or by “>” before each line. Libraries for this know Spanish too little:
those that were tried (quotequail 0.5, mail-parser-reply 1.36) do not find the heads that Outlook writes in
Spanish.
"""

import re
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, NavigableString, Tag

_BLOCKS = frozenset(
	"p div table tr td th ul ol li blockquote pre h1 h2 h3 h4 h5 h6 hr section article center".split()
)
_QUOTE_CLASSES = ("gmail_quote", "yahoo_quoted")
# Elements that begin the former message, which goes to the end.
_BEGINS = ("divRplyFwdMsg", "appendonsend")

_WROTE = re.compile(
	r"(^(el|on|em|le|am|il|op)\b.*\d.*|.*\d.*<[^<>@\s]+@[^<>\s]+>.*|.*@.*)"
	r"\b(escribi[oó]|wrote|escreveu|a écrit|schrieb|ha scritto|schreef)\b.{0,40}:\s*$",
	re.IGNORECASE,
)
_ORIGINAL = re.compile(
	r"^[-_\s*]*(mensaje original|original message|mensagem original|mensaje reenviado|forwarded message|"
	r"inicio del mensaje reenviado|begin forwarded message)[-_\s*:]*$",
	re.IGNORECASE,
)
_FROM = re.compile(r"^[>*\s]*(de|from|von)\s*\*?\s*:", re.IGNORECASE)
_HEAD = re.compile(
	r"^[>*\s]*(enviado( el)?|enviada( em)?|sent|date|fecha|data|para|to|asunto|assunto|subject|cc)\s*\*?\s*:",
	re.IGNORECASE,
)
_RULE = re.compile(r"^[_\-=]{5,}$")
# Of the line that was cut off above.
_BREAKS = re.compile(r"^((?:<[^/!][^>]*>)*?)(?:<br/?>\s*)+")
_MAX_LINES = 20_000
_MAX_LINE = 400
# Without any of these nothing was quoted.
_HINT = re.compile(
	r"blockquote|_quote|divrplyfwdmsg|appendonsend|&gt;|wrote|escri|escreveu|schrieb|crit|schreef|"
	r"original|reenviado|forwarded|(de|from|von)\s*(</\w+>)*\s*:",
	re.IGNORECASE,
)


@dataclass
class _Line:
	"""A line as it is seen. leaves: its nodes. quoted: whether it is marked as quoted. begins: whether an
	element says that the former message begins here."""

	leaves: list = field(default_factory=list)
	quoted: bool = False
	begins: bool = False

	@property
	def text(self) -> str:
		texts = [str(leaf) for leaf in self.leaves if isinstance(leaf, NavigableString)]
		# Nothing that is looked for stands later; patterns need the square of what they are given.
		return " ".join("".join(texts)[:_MAX_LINE].split())

	@property
	def is_empty(self) -> bool:
		shown = any(isinstance(leaf, Tag) and leaf.name == "img" for leaf in self.leaves)
		return not shown and not self.text


def split_quoted(html: str) -> tuple[str, str]:
	"""A message as (what is new, what was quoted), both HTML; (html, "") where nothing was quoted, and where
	nothing is new, as in a message that was passed on without a word.

	html: safe; nothing is added to it.
	"""
	if not _HINT.search(html or ""):
		return html or "", ""
	lines = _read_lines(BeautifulSoup(html, "html.parser"))
	span = _find_quoted(lines) if len(lines) <= _MAX_LINES else None
	if not span or all(line.is_empty for line in [*lines[: span[0]], *lines[span[1] :]]):
		return html, ""
	return _keep(html, span, inside=False), _keep(html, span, inside=True)


def _find_quoted(lines: list[_Line]) -> tuple[int, int] | None:
	"""The first and the last line (not included) of what was quoted; None without it."""
	texts = [line.text for line in lines]
	for number, line in enumerate(lines):
		if line.begins or _begins_message(texts, number):
			return _with_rule(lines, number), len(lines)
		if line.quoted or texts[number].startswith(">"):
			return _find_block(lines, texts, number)
		if _WROTE.match(_join(texts, number)) or (_WROTE.match(texts[number]) and number + 1 < len(lines)):
			return _find_after_heading(lines, texts, number)
	return None


def _join(texts: list[str], number: int) -> str:
	"""A line with the next ones, as far as it may have been broken."""
	joined = texts[number]
	for text in texts[number + 1 : number + 3]:
		if joined.endswith(":") or not text or text.startswith(">"):
			break
		joined = f"{joined} {text}"
	return joined


def _begins_message(texts: list[str], number: int) -> bool:
	if _ORIGINAL.match(texts[number]):
		return True
	if not _FROM.match(texts[number]):
		return False
	return sum(bool(_HEAD.match(text)) for text in texts[number + 1 : number + 8]) >= 2


def _with_rule(lines: list[_Line], number: int) -> int:
	"""Where the heads of the former message begin, with the line that was drawn above them."""
	above = number - 1
	while above >= 0 and lines[above].is_empty and not _is_rule(lines[above]):
		above -= 1
	return above if above >= 0 and _is_rule(lines[above]) else number


def _is_rule(line: _Line) -> bool:
	drawn = any(isinstance(leaf, Tag) and leaf.name == "hr" for leaf in line.leaves)
	return drawn or bool(_RULE.match(line.text))


def _find_after_heading(lines: list[_Line], texts: list[str], number: int) -> tuple[int, int] | None:
	"""The span below “… escribió:”: of marked lines those; without marks all that follows."""
	following = number + 1
	while following < len(lines) and not texts[following - 1].endswith(":"):
		following += 1
	while following < len(lines) and lines[following].is_empty:
		following += 1
	if following >= len(lines):
		return None
	if lines[following].quoted or texts[following].startswith(">"):
		span = _find_block(lines, texts, following)
		return (number, span[1]) if span else None
	return number, len(lines)


def _find_block(lines: list[_Line], texts: list[str], number: int) -> tuple[int, int] | None:
	"""The span of lines that are marked as quoted. None where answers stand between them: then each needs the
	other."""

	def is_quoted(at: int) -> bool:
		return lines[at].quoted or texts[at].startswith(">")

	end = number
	while end < len(lines) and (is_quoted(end) or lines[end].is_empty):
		end += 1
	while end > number and lines[end - 1].is_empty and not is_quoted(end - 1):
		end -= 1
	if any(is_quoted(at) for at in range(end, len(lines)) if not lines[at].is_empty):
		return None
	return number, end


def _read_lines(soup: BeautifulSoup) -> list[_Line]:
	lines = [_Line()]
	begun: set[int] = set()
	for node in soup.descendants:
		if isinstance(node, Tag):
			if node.name in _BLOCKS or node.name == "br":
				lines.append(_Line())
			if node.name in ("br", "hr", "img"):
				lines[-1].leaves.append(node)
		elif str(node).strip():
			block = _find_parent_block(node)
			if lines[-1].leaves and _find_parent_block(lines[-1].leaves[-1]) is not block:
				lines.append(_Line())
			lines[-1].leaves.append(node)
	for line in lines:
		if not line.leaves:
			continue
		parents = list(line.leaves[0].parents)
		line.quoted = any(_is_quote(parent) for parent in parents)
		marked = next((id(parent) for parent in parents if parent.get("id") in _BEGINS), None)
		line.begins = marked is not None and marked not in begun
	return [line for line in lines if line.leaves]


def _find_parent_block(node):
	return next((parent for parent in node.parents if parent.name in _BLOCKS), None)


def _is_quote(tag: Tag) -> bool:
	return tag.name == "blockquote" or any(name in _QUOTE_CLASSES for name in tag.get("class") or ())


def _keep(html: str, span: tuple[int, int], inside: bool) -> str:
	"""The part of a message inside or outside of a span of lines, in the elements that it stood in."""
	soup = BeautifulSoup(html, "html.parser")
	for number, line in enumerate(_read_lines(soup)):
		if (span[0] <= number < span[1]) != inside:
			for leaf in line.leaves:
				leaf.extract()
	for tag in reversed(soup.find_all(True)):
		if tag.name not in ("br", "hr", "img", "td", "th") and not tag.contents:
			tag.extract()
		elif (
			not tag.get_text(strip=True)
			and not tag.find(["img", "hr"])
			and tag.name not in ("br", "img", "hr")
		):
			tag.extract()
	return _BREAKS.sub(r"\1", str(soup).strip())
