"""A captcha that calls nobody and asks nothing of people: the browser does some work before a form is sent.

It is given a signed challenge, and looks for a number with which the SHA-256 of both begins with enough zero
bits, as in Hashcash. That takes a second once, and makes many forms costly. The server keeps nothing: it
checks the signature and one hash. A challenge opens one case: its `jti` is a unique key of the case.
"""

import hashlib
from datetime import timedelta

import frappe

from cronus_crm.base.signed_keys import read_key, sign_key

# A hundred and thirty thousand hashes on average.
BITS = 17
LASTS = timedelta(hours=2)

_PURPOSE = "send a public form"
_LONGEST_NUMBER = 20  # digits


def make_challenge() -> dict:
	"""`challenge`, to be sent back as it is, and `bits`: how many zero bits are asked for."""
	says = {"jti": frappe.generate_hash(length=32), "bits": BITS}
	return {"challenge": sign_key(_PURPOSE, says, LASTS), "bits": BITS}


def read_solved(challenge: str, number: str, expired_too: bool = False) -> str | None:
	"""The `jti` of a challenge that was solved; None for a wrong answer, and for a challenge that is not ours
	or has ended.

	number: what was found, as decimal digits. expired_too: to find what was sent before.
	"""
	says = read_key(_PURPOSE, challenge, expired_too=expired_too)
	digits = str(number or "")
	if not says or len(digits) > _LONGEST_NUMBER or not (digits.isascii() and digits.isdigit()):
		return None
	digest = hashlib.sha256(f"{challenge}:{digits}".encode()).digest()
	is_solved = int.from_bytes(digest, "big") >> (8 * len(digest) - int(says["bits"])) == 0
	return says["jti"] if is_solved else None


def solve(challenge: str, bits: int) -> str:
	"""What a browser does: for tests and for programs."""
	number = 0
	while int.from_bytes(hashlib.sha256(f"{challenge}:{number}".encode()).digest(), "big") >> (256 - bits):
		number += 1
	return str(number)
