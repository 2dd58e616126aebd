"""E-mail addresses of people who do not exist."""

import unicodedata

# Reserved for examples (RFC 2606): no mail sent to it by mistake ever arrives.
DOMAIN = "example.com"


def address_of(full_name: str, company: str | None = None) -> str:
	"""The e-mail of a person: María Pérez is maria.perez@example.com; a company goes before the domain."""
	host = f"{_plain(company, '-')}.{DOMAIN}" if company else DOMAIN
	return f"{_plain(full_name, '.')}@{host}"


def _plain(text: str, joint: str) -> str:
	plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
	return joint.join(plain.lower().split())
