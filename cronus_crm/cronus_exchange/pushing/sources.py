"""Who may tell what: the source of a batch, and the one batch of it that is done at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe import _

from cronus_crm.cronus_exchange.running import named_locks
from cronus_crm.visibility.ownership import INTEGRATOR_ROLE
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE

SOURCE = "Cronus Source"

# Seconds for which a request waits for another batch of its source.
_WAITS = 5


class SourceOff(frappe.ValidationError):
	"""An administrator has switched the source off."""


class SourceBusy(frappe.ValidationError):
	"""Another batch of the source is being done."""

	http_status_code = 503
	# Seconds, for the header Retry-After.
	retry_after = 5


def require_integrator() -> None:
	"""Raises frappe.PermissionError for a user who is neither an integrator nor an administrator."""
	if frappe.session.user == "Administrator":
		return
	if not {INTEGRATOR_ROLE, ADMINISTRATOR_ROLE} & {*frappe.get_roles()}:
		frappe.throw(
			_(
				"Only a user with the role {0} exchanges records with an ERP. Ask an administrator for it."
			).format(frappe.bold(_(INTEGRATOR_ROLE))),
			frappe.PermissionError,
		)


def read_source(name: Any) -> frappe._dict:
	"""The values of a source that the session's user may tell for.

	Raises frappe.PermissionError, frappe.DoesNotExistError without such a source, SourceOff.
	"""
	require_integrator()
	found = name if isinstance(name, str) else ""
	source = frappe.db.get_value(SOURCE, {"name": found}, "*", as_dict=True)
	if not source:
		frappe.throw(
			_("There is no source {0}. An administrator makes it in the list of sources.").format(
				frappe.bold(frappe.utils.escape_html(found[:140]))
			),
			frappe.DoesNotExistError,
		)
	if source.user and source.user != frappe.session.user:
		frappe.throw(
			_("Only {0} tells what is of {1}.").format(frappe.bold(source.user), frappe.bold(source.name)),
			frappe.PermissionError,
		)
	if not source.enabled:
		frappe.throw(
			_("The source {0} is switched off. Nothing was changed; ask an administrator.").format(
				frappe.bold(source.name)
			),
			SourceOff,
		)
	return source


def read_owned(source: str) -> frozenset[tuple[str, str]]:
	"""What a source decides, as (DocType, fieldname)."""
	rows = frappe.get_all(
		"Cronus Source Field",
		{"parent": source, "parenttype": SOURCE},
		["record_type", "fieldname"],
		as_list=True,
		order_by="idx asc",
	)
	return frozenset(rows)


@contextmanager
def only_one_at_a_time(source: str, seconds: int = _WAITS) -> Iterator[None]:
	"""Batches of a source are done one after the other. Raises SourceBusy."""
	lock = f"source:{source}"
	if not named_locks.take(lock, seconds):
		frappe.throw(
			_("Another batch of {0} is being done. Send this one again in a few seconds.").format(
				frappe.bold(source)
			),
			SourceBusy,
		)
	try:
		yield
	finally:
		_release(lock)


def _release(lock: str) -> None:
	try:
		named_locks.release(lock)
	except frappe.db.OperationalError:
		# The connection is gone, and the lock with it; what has ended it is raised already.
		pass
