"""How long a transaction waits for a row lock, and that it goes on with the present values of the row.

Our locking reads (`for update`) rely on this: a transaction that waits for a document then reads its present
balance. From MariaDB 11.6.2 on, `innodb_snapshot_isolation` is on by default: locking a row that has changed
since the transaction's snapshot fails with error 1020, which the framework reports as a deadlock. Of two
concurrent invoices that take from the same document, the second would always fail.
"""

import frappe


def disable_snapshot_isolation() -> None:
	"""Hooks `before_request` and `before_job`: switches `innodb_snapshot_isolation` off for this connection.

	Older versions of MariaDB do not know the variable: they skip the versioned comment in the statement.
	"""
	if frappe.db.db_type == "mariadb":
		frappe.db.sql("set @cronus_crm = 1 /*M!110602 , session innodb_snapshot_isolation = off */")


# Seconds. A request that waits takes a thread of the web server, of which a site has few: one lock that is
# held for long would stop it. A job may wait as long as the database is set to (50 by default).
REQUEST_WAITS = 5


def prepare_request() -> None:
	"""Hook `before_request`: as `disable_snapshot_isolation`, and shortens how long it waits for a lock."""
	disable_snapshot_isolation()
	if frappe.db.db_type == "mariadb":
		frappe.db.sql("set session innodb_lock_wait_timeout = %s", REQUEST_WAITS)
