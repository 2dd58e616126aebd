"""What demo and loader commit is taken back after the tests like anything else."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.database.database import Database


@contextmanager
def _one_transaction() -> Iterator[None]:
	"""Commits and rollbacks inside become those of a savepoint; at the end everything is taken back."""
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
	# Copies of documents that never were.
	frappe.clear_cache()


@pytest.fixture(scope="module")
def prepared(request, site):
	"""What the module's `prepare` makes: once, for all of its tests. Each begins with it as it was made."""
	frappe.set_user("Administrator")
	with _one_transaction():
		made = request.module.prepare()
		frappe.db.savepoint("prepared")
		yield made


@pytest.fixture
def afresh(prepared):
	"""After the test, what was prepared is there again as it was."""
	yield prepared
	frappe.db.rollback(save_point="prepared")
	frappe.db.commit()


@pytest.fixture
def no_commit():
	"""For a test that makes its own."""
	with _one_transaction():
		yield
