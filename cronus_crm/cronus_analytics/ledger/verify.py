"""Verification of the figures: compares the ledger with the documents, and the totals with the records."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

import frappe
from frappe import _
from frappe.utils import add_to_date, escape_html, now_datetime
from frappe.utils.user import get_users_with_role

from cronus_crm.base.batches import Progress
from cronus_crm.base.notices import send_notice, user_language
from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_analytics.ledger import entries, recount_totals
from cronus_crm.visibility.rule import ADMINISTRATOR_ROLE

# The nightly check covers the last day, and one more in case the check of the night before has failed.
CHECKED_DAYS = 2

_LOGGED_DIFFERENCES = 5


def find_differences(progress: Progress | None = None, since: datetime | None = None) -> Iterator[str]:
	"""One sentence for each wrong entry of the ledger and each wrong row of the totals.

	progress: called with (number compared, number in all, label). since: compares only documents that were
	modified since then; the totals are always counted from all records.
	"""
	for difference in entries.find_differences(progress, since):
		yield difference.sentence
	for difference in recount_totals.find_differences(progress):
		yield recount_totals.describe_difference(difference)
	for difference in case_recount.find_differences():
		yield case_recount.describe_difference(difference)


def repair(
	progress: Progress | None = None, after_step: Callable[[], None] = lambda: None
) -> tuple[int, int]:
	"""Corrects what :func:`find_differences` finds; it runs while people work.

	after_step: called after each step, to commit; by default all stays in the transaction of the caller.
	Returns how many documents were compared and how many rows of the totals were wrong.
	"""
	compared = entries.repair(progress, after_step)
	corrected = recount_totals.repair(progress=progress) + case_recount.repair()
	after_step()
	return compared, corrected


def verify_lately() -> None:
	"""Nightly: checks documents modified in the last CHECKED_DAYS, and all totals; notifies administrators of
	differences."""
	_report_differences(since=add_to_date(now_datetime(), days=-CHECKED_DAYS))


def verify_everything() -> None:
	"""Weekly: checks all documents and all totals, and notifies administrators of differences."""
	_report_differences(since=None)


def _report_differences(since: datetime | None) -> None:
	found = find_differences(since=since)
	first = list(islice(found, _LOGGED_DIFFERENCES))
	if not first:
		return
	# The rest is only counted: after a fault there may be thousands.
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
