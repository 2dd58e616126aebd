"""Whether changes are noted at all: from the first time that an ERP asks for them.

Until then there is no log, and a save pays for a look-up by the primary key. What was changed before an ERP
asks for the first time is among everything that it reads then. What is being changed at that moment must not
fall between the two: whoever finds that nothing is noted keeps a shared lock of the mark until its
transaction ends, and the first reader waits for all of them before it reads anything.

It is never switched off again: a cursor may come back after months.
"""

import frappe

# The counter of the log, which is there once somebody has read it.
COUNTER = "cronus-changed-record-"

# A row of the framework's series, which are by their primary key alone: 1 once changes are noted. Without the
# row, they are.
MARK = "cronus-changes-noted"
CACHED = "cronus_changes_noted"


def is_on() -> bool:
	"""Whether a change has to be noted. Asked in the transaction of the change."""
	# Read from the cache, for it is never switched off again: a "yes" of before holds.
	if frappe.cache.get_value(CACHED):
		return True
	rows = frappe.db.sql("select current from `tabSeries` where name = %s lock in share mode", (MARK,))
	if rows and not rows[0][0]:
		return False
	# Kept although it may be rolled back yet: then more is noted than has to be.
	frappe.cache.set_value(CACHED, 1)
	return True


def switch_on() -> None:
	"""From now on changes are noted. The caller commits before it reads anything.

	Waits for the transactions that have noted nothing; where one of them lasts too long, the request is
	answered so and asks again.
	"""
	((current,),) = frappe.db.sql("select ifnull(max(current), 1) from `tabSeries` where name = %s", (MARK,))
	if not current:
		frappe.db.sql("update `tabSeries` set current = 1 where name = %s", (MARK,))


def prepare() -> None:
	"""Hook `after_migrate`, and after the installation: makes the mark. Where an ERP has asked before, which
	the counter of the log says, changes are noted."""
	frappe.db.sql(
		"""insert ignore into `tabSeries` (name, current)
		select %(mark)s, exists(select 1 from `tabSeries` where name = %(counter)s)""",
		{"mark": MARK, "counter": COUNTER},
	)
