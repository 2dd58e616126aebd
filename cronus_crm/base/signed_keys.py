"""Keys that only this site can make: what they say is signed, and they end.

A key is a JSON Web Token (PyJWT, which the framework brings along). It hides nothing of what it says.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt
from frappe.utils.password import get_encryption_key

_ALGORITHM = "HS256"


def sign_key(purpose: str, says: dict[str, Any], lasts: timedelta) -> str:
	"""A key that :func:`read_key` reads for the same purpose, for so long.

	says: names and JSON values; not `aud` and `exp`.
	"""
	claims = {**says, "aud": purpose, "exp": datetime.now(UTC) + lasts}
	return jwt.encode(claims, _find_secret(), algorithm=_ALGORITHM)


def read_key(purpose: str, key: str | None, expired_too: bool = False) -> dict[str, Any] | None:
	"""What a key says; None for one that this site has not made, or for something else, and for one that has
	ended unless `expired_too`."""
	try:
		return jwt.decode(
			key or "",
			_find_secret(),
			algorithms=[_ALGORITHM],
			audience=purpose,
			options={"require": ["exp", "aud"], "verify_exp": not expired_too},
		)
	except jwt.InvalidTokenError:
		return None


def _find_secret() -> bytes:
	# Not the key itself by which passwords are encrypted, but one that follows from it.
	return sha256(f"cronus_crm keys {get_encryption_key()}".encode()).digest()
