"""How prospects and opportunities stand: their next and last activity, their traffic light, and which are
stalled.

Prospect and opportunity keep what is asked of them most: `next_activity_on` (from when the earliest pending
activity is overdue), `last_activity_on` (when something was last done), and what follows from both.
Activities bring them up to date as they change; time alone does it in two sweeps, :func:`refresh_lights` and
:func:`mark_stalled`.

The light: Grey when the record is over; the colour of the settings when nothing is planned; Red when what is
planned is overdue by more than the days of grace; Amber when it is due today or within the days of the
settings; Green otherwise.

An opportunity in course is stalled when its last sign of life is older than the days of the settings. Signs
of life are an activity that was done and a move to another stage. What is only planned is none: an
opportunity can be put off from week to week with nothing ever done.
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
from cronus_crm.base.server_fields import restore_server_fields
from cronus_crm.cronus_crm.record_states import OPPORTUNITY, OVER, PROSPECT, is_over

ACTIVITY = "Cronus Activity"

# Of what has a light, the field of an activity that points at it.
FIELD_OF = {OPPORTUNITY: "opportunity", PROSPECT: "prospect"}

GREY, RED, AMBER, GREEN = "Grey", "Red", "Amber", "Green"

# Records in a transaction of a sweep: what others may have to wait for.
BATCH = 2000

_timestamp = CustomFunction("timestamp", ["day", "time"])


@dataclass(frozen=True)
class LightRules:
	"""What the settings say of the traffic light.

	amber_days: days before an activity from which it is Amber; 0: on its day.
	grace_days: days overdue after which it is Red; 0: at once.
	unplanned: the colour when nothing is planned, Amber or Red.
	"""

	amber_days: int = 0
	grace_days: int = 0
	unplanned: str = AMBER

	@classmethod
	def of_company(cls) -> "LightRules":
		settings = frappe.get_cached_doc("Cronus CRM Settings")
		return cls(
			cint(settings.light_amber_days),
			cint(settings.light_grace_days),
			settings.light_without_activity or AMBER,
		)

	def limits(self, now: datetime) -> tuple[datetime, datetime]:
		"""What is due before the first is Red; before the second, Amber."""
		tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min)
		return now - timedelta(days=self.grace_days), tomorrow + timedelta(days=self.amber_days)


def light_of(next_activity_on: datetime | None, over: bool, rules: LightRules, now: datetime) -> str:
	"""The colour of a record: Green, Amber, Red or Grey."""
	if over:
		return GREY
	if not next_activity_on:
		return rules.unplanned
	red_before, amber_before = rules.limits(now)
	if next_activity_on < red_before:
		return RED
	return AMBER if next_activity_on < amber_before else GREEN


def light_conditions(table: Table, rules: LightRules, now: datetime) -> list[tuple[str, Criterion]]:
	"""The same in SQL, for records that are not over: colours, each with when it is right."""
	red_before, amber_before = rules.limits(now)
	due = table.next_activity_on
	return [
		(rules.unplanned, due.isnull()),
		(RED, due < red_before),
		(AMBER, (due >= red_before) & (due < amber_before)),
		(GREEN, due >= amber_before),
	]


def set_light(doc: Document) -> None:
	"""For the validate of a prospect or opportunity: its dates as they are stored, whatever a client sent,
	and the light that follows from them and from its state."""
	restore_server_fields(doc, ("next_activity_on", "last_activity_on"))
	doc.light = light_of(
		doc.next_activity_on, is_over(doc.doctype, doc), LightRules.of_company(), now_datetime()
	)


def set_stalled(opportunity: Document) -> None:
	"""For the validate of an opportunity, once its stage is known."""
	limit = _stalled_before(now_datetime())
	signs = [get_datetime(opportunity.stage_log[-1].entered_on), opportunity.last_activity_on]
	opportunity.stalled = bool(
		limit and not is_over(OPPORTUNITY, opportunity) and max(filter(None, signs)) < limit
	)


def _stalled_before(now: datetime) -> datetime | None:
	"""An opportunity without a sign of life since then is stalled; None when the settings say never."""
	days = cint(frappe.get_cached_doc("Cronus CRM Settings").stalled_days)
	return now - timedelta(days=days) if days else None


def on_activity_change(doc: Document, method: str | None = None) -> None:
	"""Event of Cronus Activity: those that it is about, and was about before, stand otherwise."""
	before = doc.get_doc_before_save()
	if method == "on_update" and before and _what_counts(before) == _what_counts(doc):
		return
	about = {
		(doctype, activity.get(fieldname))
		for doctype, fieldname in FIELD_OF.items()
		for activity in (doc, before)
		if activity and activity.get(fieldname)
	}
	# In one order for everybody, so that two activities of the same records wait and do not deadlock.
	for doctype, name in sorted(about):
		update_record(doctype, name)


def _what_counts(activity: Document) -> tuple:
	dates = [get_datetime(activity.get(fieldname)) for fieldname in ("starts_on", "done_on")]
	return activity.state, bool(activity.all_day), *dates, activity.prospect, activity.opportunity


def update_record(doctype: str, name: str) -> None:
	"""Writes how a prospect or opportunity stands by its activities; nothing where it stands so already."""
	table = DocType(doctype)
	kept = ["state", "light", "next_activity_on", "last_activity_on"]
	kept += ["stalled"] if doctype == OPPORTUNITY else []
	rows = frappe.qb.from_(table).select(*kept).where(table.name == name).run(as_dict=True)
	if not rows:
		return
	now, (stored,) = now_datetime(), rows
	next_on, last_on = _dates_of(doctype, name)
	stands = {
		"next_activity_on": next_on,
		"last_activity_on": last_on,
		"light": light_of(next_on, is_over(doctype, stored), LightRules.of_company(), now),
	}
	if stored.get("stalled") and last_on and last_on >= (_stalled_before(now) or last_on):
		stands["stalled"] = 0
	changes = {fieldname: value for fieldname, value in stands.items() if stored[fieldname] != value}
	if not changes:
		return
	query = frappe.qb.update(table).where(table.name == name)
	for fieldname, value in changes.items():
		query = query.set(table[fieldname], value)
	query.run()
	frappe.clear_document_cache(doctype, name)


def _dates_of(doctype: str, name: str) -> tuple[datetime | None, datetime | None]:
	activity = DocType(ACTIVITY)
	query = frappe.qb.from_(activity).where(activity[FIELD_OF[doctype]] == name)
	return query.select(*_next_and_last(activity)).run()[0]


def _next_and_last(activity: Table) -> tuple[Term, Term]:
	"""Of a group of activities: from when the first pending one is overdue, and when the last was done."""
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
	"""Scheduled: the lights that time, or a change of the settings, has made wrong.

	Only those are read, by the index of light and next activity, however many there are that are right.
	"""
	rules, now = LightRules.of_company(), now_datetime()
	for doctype in OVER:
		table = DocType(doctype)
		for right, when_right in light_conditions(table, rules, now):
			for wrong in {GREEN, AMBER, RED} - {right}:
				is_wrong = (table.light == wrong) & when_right & table.state.notin(OVER[doctype])
				_correct(table, is_wrong, "light", right)


def mark_stalled() -> None:
	"""Daily: opportunities in course without a sign of life become stalled, others cease to be.

	First, how those stand whose activities changed of late: two people who changed activities of the same
	opportunity at the same moment did not see each other's.
	"""
	_go_over_the_latest()
	opportunity = DocType(OPPORTUNITY)
	limit = _stalled_before(now_datetime())
	without_life = _last_sign_of_life(opportunity) < limit if limit else opportunity.name.isnull()
	stalled = opportunity.state.notin(OVER[OPPORTUNITY]) & without_life
	_correct(opportunity, (opportunity.stalled == 1) & stalled.negate(), "stalled", 0)
	_correct(opportunity, (opportunity.stalled == 0) & stalled, "stalled", 1)


def _last_sign_of_life(opportunity: Table) -> Term:
	stay = DocType("Cronus Stage Change")
	greatest = CustomFunction("greatest", ["one", "other"])
	entered_on = (
		frappe.qb.from_(stay)
		.select(Max(stay.entered_on))
		.where((stay.parent == opportunity.name) & (stay.parenttype == OPPORTUNITY))
	)
	began_on = Coalesce(entered_on, opportunity.creation)
	return greatest(began_on, Coalesce(opportunity.last_activity_on, began_on))


def _go_over_the_latest() -> None:
	activity = DocType(ACTIVITY)
	yesterday = add_to_date(now_datetime(), days=-2)
	for doctype, fieldname in FIELD_OF.items():
		about = activity[fieldname]
		query = frappe.qb.from_(activity).select(about).distinct().where(activity.modified >= yesterday)
		names = query.where(about.isnotnull() & (about != "")).orderby(about).run(pluck=True)
		for batch in commit_between_batches(names, BATCH):
			for name in batch:
				update_record(doctype, name)


def _correct(table: Table, is_wrong: Criterion, fieldname: str, value: str | int) -> None:
	"""Writes a value where it is wrong.

	The rows are found without a lock and locked in the order of their names, few at a time, so that nobody
	who is selling waits for a sweep.
	"""
	wrong = frappe.qb.from_(table).select(table.name).where(is_wrong).run(pluck=True)
	for names in commit_between_batches(sorted(wrong), BATCH):
		query = frappe.qb.update(table).set(table[fieldname], value)
		query.where(table.name.isin(names) & is_wrong).run()


def recompute_all() -> None:
	"""For a site whose records do not know yet how they stand: all of them, from their activities."""
	rules, now = LightRules.of_company(), now_datetime()
	for doctype, fieldname in FIELD_OF.items():
		table, activity = DocType(doctype), DocType(ACTIVITY)
		about = activity[fieldname]
		next_on, last_on = _next_and_last(activity)
		dates = (
			frappe.qb.from_(activity)
			.select(about.as_("about"), next_on.as_("next_on"), last_on.as_("last_on"))
			.where(about.isnotnull())
			.groupby(about)
		).as_("dates")
		colour = Case().when(table.state.isin(OVER[doctype]), GREY)
		(
			frappe.qb.update(table)
			.join(dates)
			.on(dates.about == table.name)
			.set(table.next_activity_on, dates.next_on)
			.set(table.last_activity_on, dates.last_on)
		).run()
		for right, when_right in light_conditions(table, rules, now):
			colour = colour.when(when_right, right)
		frappe.qb.update(table).set(table.light, colour).run()
	mark_stalled()
