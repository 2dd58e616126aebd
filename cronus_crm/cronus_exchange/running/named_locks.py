"""Locks by name, which the database keeps for a connection and frees with it: whether somebody works on
something needs no clock, and nothing is left locked by who was killed."""

from hashlib import sha256

import frappe

# The database takes no longer names.
_MAX_LENGTH = 64


def take(name: str, seconds: int = 0) -> bool:
	"""Takes a lock of the site for this connection; False when another one holds it so long."""
	return bool(frappe.db.sql("select get_lock(%s, %s)", (full_name(name), seconds))[0][0])


def release(name: str) -> None:
	frappe.db.sql("select release_lock(%s)", full_name(name))


def is_free(name: str) -> bool:
	"""False while some connection holds the lock."""
	return bool(frappe.db.sql("select is_free_lock(%s)", full_name(name))[0][0])


def full_name(name: str) -> str:
	"""The name of a lock as the database knows it, where sites share a server."""
	full = f"cronus:{frappe.conf.db_name}:{name}"
	return full if len(full) <= _MAX_LENGTH else sha256(full.encode()).hexdigest()
