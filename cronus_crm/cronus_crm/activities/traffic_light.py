"""Denormalised fields of prospects and opportunities: next and last activity, traffic light, stalled.

`next_activity_on` is the moment from which the earliest pending activity is overdue, `last_activity_on` the
one at which an activity was last done; `light` and `stalled` follow from them. All are columns, so that lists
filter and sort by an index. A change of an activity updates them in its own transaction; changes that come
with time are written by two sweeps, :func:`refresh_lights` and :func:`mark_stalled`.

The light is Grey for a finished record; the colour of the settings without a pending activity; Red when the
next activity is overdue by more than the days of grace; Amber when it is due today or within the days of the
settings, or later and the opportunity is stalled; Green otherwise.

An opportunity in course is stalled when its last progress is older than the days of the settings. Progress is
an activity that was done, or a change of stage. A planned activity is not progress: it can be postponed again
and again.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import frappe
from frappe.model.document import Document
from frappe.query_builder import Case, Criterion, CustomFunction, DocType
from frappe.query_builder.functions import Coalesce, Date, Max, Min
from frappe.utils import add_to_date, cint, get_datetime, now_datetime
from pypika import Table
from pypika.terms import Term

from cronus_crm.base.batches import commit_between_batches
from cronus_crm.base.company import company_now
from cronus_crm.base.present_records import get_settings
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_crm.record_states import FINISHED_STATES, OPPORTUNITY, PROSPECT, is_finished

ACTIVITY = "Cronus Activity"

# DocTypes with a traffic light, and the field of an activity that links to them.
FIELD_OF = {OPPORTUNITY: "opportunity", PROSPECT: "prospect"}

GREY, RED, AMBER, GREEN = "Grey", "Red", "Amber", "Green"

# Records in one transaction of a sweep; other transactions may have to wait for their locks.
BATCH = 2000

_timestamp = CustomFunction("timestamp", ["day", "time"])


@dataclass(frozen=True)
class LightRules:
	"""The settings of the traffic light.

	amber_days: days before an activity from which it is Amber; 0: on its day.
	grace_days: days overdue after which it is Red; 0: at once.
	unplanned: the colour when nothing is planned, Amber or Red.
	"""

	amber_days: int = 0
	grace_days: int = 0
	unplanned: str = AMBER

	@classmethod
	def from_settings(cls) -> "LightRules":
		settings = get_settings()
		return cls(
			cint(settings.light_amber_days),
			cint(settings.light_grace_days),
			settings.light_without_activity or AMBER,
		)

	def compute_limits(self, now: datetime) -> tuple[datetime, datetime]:
		"""Two moments: an activity that is due before the first is Red, before the second Amber."""
		tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min)
		return now - timedelta(days=self.grace_days), tomorrow + timedelta(days=self.amber_days)


def compute_light(
	next_activity_on: datetime | None, finished: bool, rules: LightRules, now: datetime, stalled: bool = False
) -> str:
	"""The colour of a record: Green, Amber, Red or Grey."""
	if finished:
		return GREY
	if not next_activity_on:
		return rules.unplanned
	red_before, amber_before = rules.compute_limits(now)
	if next_activity_on < red_before:
		return RED
	return AMBER if next_activity_on < amber_before or stalled else GREEN


def build_light_conditions(
	doctype: str, table: Table, rules: LightRules, now: datetime
) -> list[tuple[str, Criterion]]:
	"""(colour, criterion under which it is right) for unfinished records: `compute_light` in SQL. Each
	criterion is one range of an index; a colour may have several."""
	red_before, amber_before = rules.compute_limits(now)
	due = table.next_activity_on
	conditions = [
		(rules.unplanned, due.isnull()),
		(RED, due < red_before),
		(AMBER, (due >= red_before) & (due < amber_before)),
	]
	if doctype != OPPORTUNITY:
		return [*conditions, (GREEN, due >= amber_before)]
	return [
		*conditions,
		(AMBER, (due >= amber_before) & (table.stalled == 1)),
		(GREEN, (due >= amber_before) & (table.stalled == 0)),
	]


def set_light(doc: Document) -> None:
	"""Sets the light of a prospect or opportunity in its `validate`.

	Restores the stored dates first, as a client must not write them. Call `set_stalled` before it.
	"""
	restore_server_fields(doc, ("next_activity_on", "last_activity_on"))
	doc.light = compute_light(
		doc.next_activity_on,
		is_finished(doc.doctype, doc),
		LightRules.from_settings(),
		company_now(),
		bool(doc.get("stalled")),
	)


def reread_light(doc: Document) -> None:
	"""Sets the fields of a prospect or opportunity that an activity, made while it was saved, has written:
	what its client gets is what is stored."""
	fieldnames = ["light", "next_activity_on", "last_activity_on"]
	doc.update(frappe.db.get_value(doc.doctype, doc.name, fieldnames, as_dict=True) or {})


def set_stalled(opportunity: Document) -> None:
	"""Sets `stalled` of an opportunity in its `validate`; call it after the stage log is updated."""
	restore_server_fields(opportunity, ("last_activity_on",))
	limit = _compute_stalled_limit(company_now())
	progress = [get_datetime(opportunity.stage_log[-1].entered_on), opportunity.last_activity_on]
	opportunity.stalled = bool(
		limit and not is_finished(OPPORTUNITY, opportunity) and max(filter(None, progress)) < limit
	)


def _compute_stalled_limit(now: datetime) -> datetime | None:
	"""An opportunity without progress since this moment is stalled; None if the settings switch this off."""
	days = cint(get_settings().stalled_days)
	return now - timedelta(days=days) if days else None


def on_activity_change(doc: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: updates the prospects and opportunities that it links to and has linked
	to."""
	before = doc.get_doc_before_save()
	if method == "on_update" and before and _read_relevant_values(before) == _read_relevant_values(doc):
		return
	records = {
		(doctype, activity.get(fieldname))
		for doctype, fieldname in FIELD_OF.items()
		for activity in (doc, before)
		if activity and activity.get(fieldname)
	}
	# Always in the same order, so that concurrent transactions over the same records do not deadlock.
	for doctype, name in sorted(records):
		update_record(doctype, name)


def _read_relevant_values(activity: Document) -> tuple:
	"""The values of an activity on which the fields of prospect and opportunity depend."""
	dates = [get_datetime(activity.get(fieldname)) for fieldname in ("starts_on", "done_on")]
	return activity.state, bool(activity.all_day), *dates, activity.prospect, activity.opportunity


def update_record(doctype: str, name: str) -> None:
	"""Recomputes the fields of one prospect or opportunity from its activities; writes only what differs."""
	table = DocType(doctype)
	fieldnames = ["state", "light", "next_activity_on", "last_activity_on"]
	fieldnames += ["stalled"] if doctype == OPPORTUNITY else []
	rows = frappe.qb.from_(table).select(*fieldnames).where(table.name == name).run(as_dict=True)
	if not rows:
		return
	now, (stored,) = company_now(), rows
	next_on, last_on = _read_activity_dates(doctype, name)
	computed = {"next_activity_on": next_on, "last_activity_on": last_on}
	stalled = bool(stored.get("stalled"))
	if stalled and last_on and last_on >= (_compute_stalled_limit(now) or last_on):
		computed["stalled"], stalled = 0, False
	finished = is_finished(doctype, stored)
	computed["light"] = compute_light(next_on, finished, LightRules.from_settings(), now, stalled)
	changes = {fieldname: value for fieldname, value in computed.items() if stored[fieldname] != value}
	if not changes:
		return
	query = frappe.qb.update(table).where(table.name == name)
	for fieldname, value in changes.items():
		query = query.set(table[fieldname], value)
	query.run()
	frappe.clear_document_cache(doctype, name)


def _read_activity_dates(doctype: str, name: str) -> tuple[datetime | None, datetime | None]:
	activity = DocType(ACTIVITY)
	query = frappe.qb.from_(activity).where(activity[FIELD_OF[doctype]] == name)
	return query.select(*_build_date_terms(activity)).run()[0]


def _build_date_terms(activity: Table) -> tuple[Term, Term]:
	"""SQL aggregates over activities: (moment from which the first pending one is overdue, last done on)."""
	overdue_from = (
		Case()
		.when(activity.all_day == 1, _timestamp(Date(activity.starts_on), "23:59:59"))
		.else_(activity.starts_on)
	)
	return (
		Min(Case().when(activity.state == "Pending", overdue_from)),
		Max(Case().when(activity.state == "Done", Coalesce(activity.done_on, activity.starts_on))),
	)


def refresh_lights() -> None:
	"""Scheduled: corrects the lights that are wrong because of time or of a change of the settings.

	An index range over (light, next_activity_on) finds the wrong ones only.
	"""
	rules, now = LightRules.from_settings(), company_now()
	for doctype in FINISHED_STATES:
		table = DocType(doctype)
		for right, when_right in build_light_conditions(doctype, table, rules, now):
			for wrong in {GREEN, AMBER, RED} - {right}:
				is_wrong = (table.light == wrong) & when_right & table.state.notin(FINISHED_STATES[doctype])
				_correct_rows(table, is_wrong, "light", right)


def mark_stalled() -> None:
	"""Daily: sets and clears `stalled` of opportunities in course.

	First recomputes the records whose activities have changed lately: two concurrent transactions that change
	activities of one record do not see each other's change.
	"""
	_update_recently_changed()
	opportunity = DocType(OPPORTUNITY)
	limit = _compute_stalled_limit(company_now())
	without_progress = _build_last_progress(opportunity) < limit if limit else opportunity.name.isnull()
	stalled = opportunity.state.notin(FINISHED_STATES[OPPORTUNITY]) & without_progress
	_correct_rows(opportunity, (opportunity.stalled == 1) & stalled.negate(), "stalled", 0)
	_correct_rows(opportunity, (opportunity.stalled == 0) & stalled, "stalled", 1)
	refresh_lights()


def _build_last_progress(opportunity: Table) -> Term:
	"""SQL of the moment of the last progress: the later of the last change of stage and
	`last_activity_on`."""
	stay = DocType("Cronus Stage Change")
	greatest = CustomFunction("greatest", ["one", "other"])
	entered_on = (
		frappe.qb.from_(stay)
		.select(Max(stay.entered_on))
		.where((stay.parent == opportunity.name) & (stay.parenttype == OPPORTUNITY))
	)
	began_on = Coalesce(entered_on, opportunity.creation)
	return greatest(began_on, Coalesce(opportunity.last_activity_on, began_on))


def _update_recently_changed() -> None:
	"""Recomputes the records of the activities that were changed in the last two days."""
	activity = DocType(ACTIVITY)
	since = add_to_date(now_datetime(), days=-2)
	for doctype, fieldname in FIELD_OF.items():
		about = activity[fieldname]
		query = frappe.qb.from_(activity).select(about).distinct().where(activity.modified >= since)
		names = query.where(about.isnotnull() & (about != "")).orderby(about).run(pluck=True)
		for batch in commit_between_batches(names, BATCH):
			for name in batch:
				update_record(doctype, name)


def _correct_rows(table: Table, is_wrong: Criterion, fieldname: str, value: str | int) -> None:
	"""Sets a field to a value in the rows that match `is_wrong`, committing after each batch.

	The rows are found without locks, and then locked in the order of their names in small transactions, so
	that the sweep does not block users for long.
	"""
	wrong = frappe.qb.from_(table).select(table.name).where(is_wrong).run(pluck=True)
	for names in commit_between_batches(sorted(wrong), BATCH):
		query = frappe.qb.update(table).set(table[fieldname], value)
		query.where(table.name.isin(names) & is_wrong).run()


def recompute_all_records() -> None:
	"""Recomputes all prospects and opportunities from their activities, after an import or a migration."""
	rules, now = LightRules.from_settings(), company_now()
	for doctype, fieldname in FIELD_OF.items():
		table, activity = DocType(doctype), DocType(ACTIVITY)
		about = activity[fieldname]
		next_on, last_on = _build_date_terms(activity)
		dates = (
			frappe.qb.from_(activity)
			.select(about.as_("about"), next_on.as_("next_on"), last_on.as_("last_on"))
			.where(about.isnotnull())
			.groupby(about)
		).as_("dates")
		colour = Case().when(table.state.isin(FINISHED_STATES[doctype]), GREY)
		(
			frappe.qb.update(table)
			.join(dates)
			.on(dates.about == table.name)
			.set(table.next_activity_on, dates.next_on)
			.set(table.last_activity_on, dates.last_on)
		).run()
		for right, when_right in build_light_conditions(doctype, table, rules, now):
			colour = colour.when(when_right, right)
		frappe.qb.update(table).set(table.light, colour).run()
	mark_stalled()
