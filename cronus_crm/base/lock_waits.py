"""What a transaction reads that has waited for a lock.

Whoever waits for a document reads it as it is by then: what is left of it, what is paid of it. MariaDB from
11.6.2 on refuses to lock a row that was changed since the transaction began to read (error 1020), which the
framework tells as a deadlock: of two invoices at once the second would fail, whatever it takes.
"""

import frappe


def disable_snapshot_isolation() -> None:
	"""Hooks `before_request` and `before_job`: in this connection a row that was changed meanwhile can be
	locked, as in MariaDB before 11.6.2, whose sessions need not be told."""
	if frappe.db.db_type == "mariadb":
		frappe.db.sql("set @cronus_crm = 1 /*M!110602 , session innodb_snapshot_isolation = off */")
