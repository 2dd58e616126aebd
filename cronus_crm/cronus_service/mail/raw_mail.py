"""Reads a message as it came, whatever is wrong with it.

Everything here takes bytes that a stranger wrote: what cannot be read is left out or replaced, and nothing
raises but what no message can be read from at all.
"""

import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, mktime_tz, parsedate_tz
from hashlib import sha256

from frappe.utils import validate_email_address

# Headers are read no further than this; nor are lists of addresses and references.
MAX_HEADER = 20_000
MAX_ADDRESSES = 200
MAX_REFERENCES = 50
_MAX_ID = 250

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"[^\s<>\"'(),:;@]{1,64}@[^\s<>\"'(),:;@]{1,255}")
_ID = re.compile(r"<([^<>]+)>")


@dataclass(frozen=True)
class Address:
	"""email: in small letters, and valid. name: as it is written beside it, or ""."""

	email: str
	name: str = ""


@dataclass
class RawMail:
	"""What the headers of a message say.

	message_id, references: without < and >; the last reference is the nearest, In-Reply-To. `computed` is
	True for a Message-ID that was made of the content. written_by: the text of the header From.
	sent_at: seconds since 1970 (UTC), or None.
	"""

	raw: bytes
	message: Message
	subject: str
	message_id: str
	computed: bool
	references: list[str]
	from_: list[Address]
	original_from: list[Address]
	reply_to: list[Address]
	to: list[Address]
	cc: list[Address]
	written_by: str
	sent_at: float | None
	fingerprint: str
	defects: list[str] = field(default_factory=list)


def read_mail(raw: bytes) -> RawMail:
	"""Reads a message. Raises RecursionError for parts in parts beyond all measure, and nothing else."""
	message = message_from_bytes(raw)
	body = _read_body_bytes(raw)
	message_id = normalise_id(read_header(message, "Message-ID"))
	headers = [read_header(message, name) for name in ("From", "To", "Date", "Subject")]
	return RawMail(
		raw=raw,
		message=message,
		subject=" ".join(read_header(message, "Subject").split()),
		message_id=message_id or f"{_hash(*headers, body)[:40]}@computed.invalid",
		computed=not message_id,
		references=_read_references(message),
		from_=read_addresses(message, "From") or read_addresses(message, "Sender"),
		original_from=read_addresses(message, "X-Original-From"),
		reply_to=read_addresses(message, "Reply-To"),
		to=read_addresses(message, "To"),
		cc=read_addresses(message, "Cc"),
		written_by=read_header(message, "From"),
		sent_at=_read_date(read_header(message, "Date")),
		fingerprint=_hash(headers[0], headers[3], body),
	)


def read_header(message: Message, name: str) -> str:
	"""A header as people read it: words decoded, in one line; "" without it."""
	return _decode_words(_find_raw(message, name))


def read_addresses(message: Message, name: str) -> list[Address]:
	"""The valid addresses of all headers of a name, each once."""
	texts = [_as_text(str(value)) for key, value in message.raw_items() if key.lower() == name.lower()]
	found = {}
	for text in texts:
		for written, address in _split_addresses(text[:MAX_HEADER]):
			address = address.strip().strip("<>").lower()
			if address and len(address) <= 140 and validate_email_address(address):
				found.setdefault(address, " ".join(_decode_words(written).split())[:140])
	return [Address(email, name) for email, name in list(found.items())[:MAX_ADDRESSES]]


def normalise_id(text: str) -> str:
	"""A Message-ID without < and >; the hash of one that is too long to be kept; "" for none."""
	found = _ID.search(text)
	value = "".join((found[1] if found else text).split()).strip("<>")
	return value if len(value) <= _MAX_ID else f"{_hash(value)}@long.invalid"


def decode_bytes(data: bytes, charset: str | None) -> str:
	"""Bytes as a text: in the charset that they are said to be in, else in a likely one."""
	for candidate in (charset, "utf-8", "cp1252"):
		try:
			return clean_text(data.decode(candidate or "utf-8"))
		except (LookupError, UnicodeError, ValueError):
			continue
	return clean_text(data.decode("latin-1"))


def clean_text(text: str) -> str:
	"""A text without characters that no database keeps, and with plain ends of lines."""
	return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _find_raw(message: Message, name: str) -> str:
	for key, value in message.raw_items():
		if key.lower() == name.lower():
			return _as_text(str(value)[:MAX_HEADER])
	return ""


def _as_text(value: str) -> str:
	"""A header with the bytes that it has, which should be ASCII and are not."""
	return decode_bytes(value.encode("utf-8", "surrogateescape"), None)


def _decode_words(text: str) -> str:
	if "=?" not in text or not text.isascii():
		return clean_text(text).replace("\n", " ").strip()
	try:
		parts = decode_header(text)
	except Exception:  # Several kinds for words that are broken.
		return clean_text(text).replace("\n", " ").strip()
	words = [part if isinstance(part, str) else decode_bytes(part, charset) for part, charset in parts]
	return clean_text("".join(words)).replace("\n", " ").strip()


def _split_addresses(text: str) -> list[tuple[str, str]]:
	try:
		pairs = [pair for pair in getaddresses([text]) if "@" in pair[1]]
	except Exception:  # Nested comments and the like.
		pairs = []
	return pairs or [("", address) for address in _ADDRESS.findall(text)]


def _read_references(message: Message) -> list[str]:
	text = read_header(message, "References")
	found = _ID.findall(text) or text.split()
	nearest = read_header(message, "In-Reply-To")
	found += _ID.findall(nearest) or nearest.split()[:1]
	ids = [normalise_id(each) for each in found]
	return [each for each in ids if each][-MAX_REFERENCES:]


def _read_date(text: str) -> float | None:
	try:
		parsed = parsedate_tz(text)
		return float(mktime_tz(parsed)) if parsed else None
	except (ValueError, OverflowError, TypeError, IndexError):
		return None


def _read_body_bytes(raw: bytes) -> bytes:
	parts = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
	return b" ".join(parts[-1].split())


def _hash(*parts: str | bytes) -> str:
	texts = [part if isinstance(part, bytes) else part.encode("utf-8", "replace") for part in parts]
	return sha256(b"\n".join(texts)).hexdigest()
