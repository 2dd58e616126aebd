"""The proof that the figures are right: the ledger against the documents, the totals against the records."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

import frappe
from frappe import _
from frappe.utils import add_to_date, escape_html, now_datetime
from frappe.utils.user import get_users_with_role

from cronus_crm.base.batches import Progress
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.cronus_analytics.ledger import entries, recount_totals
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE

# A night's check looks at what was changed since the last one, and at a day more in case it failed.
NIGHTS = 2

_TOLD = 5


def differences(progress: Progress | None = None, since: datetime | None = None) -> Iterator[str]:
	"""One sentence for each entry of the ledger and each row of the totals that is wrong.

	progress: called with (compared, in all, what). since: of the documents, those that were changed since
	then; totals are always counted from all records.
	"""
	for difference in entries.differences(progress, since):
		yield difference.sentence
	for difference in recount_totals.differences(progress):
		yield recount_totals.describe_difference(difference)


def repair(progress: Progress | None = None, done: Callable[[], None] = lambda: None) -> tuple[int, int]:
	"""Puts right what :func:`differences` finds, while people work, and gives back how many documents were
	compared, and how many rows of the totals were wrong.

	done: called after each step, to commit it; without it, all is in the transaction of the caller.
	"""
	compared = entries.repair(progress, done)
	mended = recount_totals.repair(progress=progress)
	done()
	return compared, mended


def verify_lately() -> None:
	"""Nightly: checks what was changed lately, and tells the administrators of differences."""
	_verify(since=add_to_date(now_datetime(), days=-NIGHTS))


def verify_everything() -> None:
	"""Weekly: the same of all documents."""
	_verify(since=None)


def _verify(since: datetime | None) -> None:
	found = differences(since=since)
	first = list(islice(found, _TOLD))
	if not first:
		return
	number = len(first) + sum(1 for _difference in found)
	title = _("Figures that differ from the documents: {0}").format(number)
	log = frappe.log_error(title=title, message="\n".join(first))
	for user in sorted({*get_users_with_role(ADMINISTRATOR_ROLE), "Administrator"}):
		_notify_administrator(user, number, first[0], log.name)


def _notify_administrator(user: str, number: int, first: str, log: str) -> None:
	text = _(
		"{0} figures differ from the documents. Run `cronus rebuild`. The first: {1}", user_language(user)
	)
	subject = text.format(frappe.bold(number), escape_html(first))
	send_notice(user, subject, document=("Error Log", log))
