"""Fixtures for code that commits: its commits are rolled back after the tests too."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.database.database import Database


@contextmanager
def _one_transaction() -> Iterator[None]:
	"""Context in which commit and rollback act on a savepoint; at its end the transaction is rolled back."""
	db, language = frappe.local.db, frappe.local.lang

	def commit():
		db.savepoint("committed")

	def rollback(*, save_point=None):
		Database.rollback(db, save_point=save_point or "committed")

	with pytest.MonkeyPatch.context() as patch:
		commit()
		patch.setattr(db, "commit", commit)
		patch.setattr(db, "rollback", rollback)
		yield
	db.rollback()
	frappe.local.lang = language
	# It holds documents that were rolled back.
	frappe.clear_cache()


@pytest.fixture(scope="module")
def prepared(request, site):
	"""What the test module's `prepare()` makes, once for all of its tests."""
	frappe.set_user("Administrator")
	with _one_transaction():
		made = request.module.prepare()
		frappe.db.savepoint("prepared")
		yield made


@pytest.fixture
def restored(prepared):
	"""For a test that changes what was prepared: rolls back to the savepoint after `prepare()`."""
	yield prepared
	frappe.db.rollback(save_point="prepared")
	frappe.db.commit()


@pytest.fixture
def no_commit():
	"""For a test that calls code that commits, without anything prepared."""
	with _one_transaction():
		yield
