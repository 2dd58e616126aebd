"""A source that is silent: administrators are told once, and once more when it speaks again.

What has been told of it stands in its field `silent_since`, and changes in the transaction of the notices,
under a lock of the source. So the job may run as often as it likes, and tells later what it has missed.
"""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_datetime, now_datetime
from frappe.utils.user import get_users_with_role

from cronus_crm.base.batches import run_in_own_transaction
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.base.texts import as_html
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE

SOURCE = "Cronus Source"
PAGE = "/app/cronus-sources"

_FIELDS = ("creation", "enabled", "last_told_on", "silent_after_hours", "silent_since", "watched_from")


def watch_sources() -> None:
	"""Scheduled: tells administrators of each source that has become silent, or speaks again."""
	for source in frappe.get_all(SOURCE, pluck="name", order_by="name asc"):
		run_in_own_transaction(watch_source, source)


def watch_source(source: str) -> None:
	"""Compares a source with what was told of it, and tells what has changed."""
	row = frappe.db.get_value(SOURCE, source, _FIELDS, as_dict=True, for_update=True)
	if not row:
		return
	since = find_silence(row, now_datetime())
	if bool(since) == bool(row.silent_since):
		return
	frappe.db.set_value(SOURCE, source, "silent_since", since, update_modified=False)
	# Who has switched it off, or watches it no more, knows.
	if since or is_watched(row):
		_tell(source, since, row.last_told_on)


def is_watched(row: frappe._dict) -> bool:
	"""Whether a source is on and has hours after which it counts as silent."""
	return bool(row.enabled and row.silent_after_hours)


def find_silence(row: frappe._dict, at: datetime) -> datetime | None:
	"""Since when a source is silent; None where it is not, or is not watched. Of one that was switched on
	since it told something, the hours count from then.

	row: fields of the source, see _FIELDS. at: the present.
	"""
	if not is_watched(row):
		return None
	last = max(filter(None, (row.last_told_on, row.watched_from)), default=row.creation)
	return last if at - last >= timedelta(hours=row.silent_after_hours) else None


def note_switch(source: Document, method: str | None = None) -> None:
	"""Event `before_save` of a source: notes when it was switched on."""
	if source.enabled and (source.is_new() or source.has_value_changed("enabled")):
		source.watched_from = now_datetime()


def list_administrators() -> list[str]:
	"""The users who are told of sources."""
	return sorted({*get_users_with_role(ADMINISTRATOR_ROLE), "Administrator"})


def _tell(source: str, since: datetime | None, last_told_on: datetime | None) -> None:
	for user in list_administrators():
		language = user_language(user)
		if since and last_told_on:
			text = _("{0} has told nothing since {1}. See the page Sources.", language)
		elif since:
			text = _("{0} has told nothing yet. See the page Sources.", language)
		else:
			text = _("{0} tells again what changes in it, since {1}.", language)
		subject = text.format(frappe.bold(as_html(source)), _write_moment(last_told_on))
		send_notice(user, subject, link=PAGE, by_email=True)


def _write_moment(moment: datetime | None) -> str:
	return format_datetime(moment) if moment else ""
