"""E-mail addresses of people who do not exist."""

import unicodedata

# Reserved for examples (RFC 2606): no mail sent to it by mistake ever arrives.
DOMAIN = "example.com"


def make_email_address(full_name: str, company: str | None = None) -> str:
	"""The e-mail of a person: maria.perez@example.com for María Pérez, maria.perez@some-company.example.com
	with a company.
	"""
	host = f"{_to_ascii(company, '-')}.{DOMAIN}" if company else DOMAIN
	return f"{_to_ascii(full_name, '.')}@{host}"


def _to_ascii(text: str, joint: str) -> str:
	plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
	return joint.join(plain.lower().split())
