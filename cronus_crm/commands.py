"""`bench --site SITE cronus …`: the commands of Cronus CRM."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice

import click
import frappe
from frappe import _
from frappe.commands import get_site, pass_context
from frappe.utils import strip_html_tags

from cronus_crm.base import lock_waits, sales_documents
from cronus_crm.base.batches import Progress
from cronus_crm.base.framework_state import use_site_language
from cronus_crm.cronus_analytics.ledger import verify as ledger_verification
from cronus_crm.demo import demo_company as demo_company
from cronus_crm.demo import demo_users, pipeline, pipeline_csv, word_lists

DIFFERENCES_SHOWN = 20


@contextmanager
def _connect_site(context) -> Iterator[None]:
	"""Context manager: connects to the site of `--site` as Administrator, with messages in the language of
	the site.

	A frappe.ValidationError is printed in one line, without a traceback, and the exit code is 1.
	"""
	frappe.init(site=get_site(context))
	frappe.connect()
	lock_waits.disable_snapshot_isolation()
	use_site_language()
	try:
		yield
	except frappe.ValidationError as error:
		frappe.db.rollback()
		raise click.ClickException(strip_html_tags(str(error))) from error
	finally:
		frappe.destroy()


def _make_progress_bar() -> Progress:
	"""A callback that draws a progress bar on stderr, if that is a terminal."""
	shown = -1

	def show(done: int, total: int, label: str) -> None:
		nonlocal shown
		percent = 100 * done // total
		if sys.stderr.isatty() and percent != shown:
			shown = percent
			bar = "█" * (percent * 40 // 100)
			sys.stderr.write(f"\r{label[:30]:<30} {bar:<40} {percent:3} %" + ("\n" if done == total else ""))
			sys.stderr.flush()

	return show


@click.group("cronus")
def cronus():
	"""Cronus CRM: the ledger, real pipelines, the demo."""


@cronus.command("verify")
@click.option(
	"--since",
	type=click.DateTime(),
	help="Compare only documents changed since then; totals are always counted from all records.",
)
@pass_context
def verify(context, since: datetime | None):
	"""Compare the ledger with the documents and the totals with the records; exit code 1 when they differ."""
	show, compared = _make_progress_bar(), {}

	def progress(done: int, total: int, label: str) -> None:
		compared[label] = total
		show(done, total, label)

	with _connect_site(context):
		differences = ledger_verification.find_differences(progress, since)
		found = list(islice(differences, DIFFERENCES_SHOWN))
		for difference in found:
			click.echo(difference)
		number = len(found) + sum(1 for _difference in differences)
		if number:
			click.echo(_("{0} differences. `cronus rebuild` repairs them.").format(number))
			sys.exit(1)
		documents = sum(
			number for doctype, number in compared.items() if doctype in sales_documents.registered_doctypes()
		)
		click.echo(
			_("{0} documents agree with the ledger, and the totals with the records").format(documents)
		)


@cronus.command("rebuild")
@pass_context
def rebuild(context):
	"""Repair the ledger and the totals from the documents, while people work."""
	with _connect_site(context):
		# The snapshot of the next transaction includes every document that is committed by now.
		frappe.db.commit()
		documents, totals = ledger_verification.repair(_make_progress_bar(), after_step=frappe.db.commit)
		click.echo(_("{0} documents compared, {1} rows of totals repaired").format(documents, totals))


_password_option = click.option(
	"--password-file", type=click.Path(), help="File with the users' password on its first line."
)


@cronus.command("load-pipeline")
@click.argument("folder", type=click.Path())
@click.option(
	"--date-order",
	type=click.Choice(tuple(pipeline_csv.DATE_ORDERS)),
	required=True,
	help="How the files write dates; ymd is ISO 8601.",
)
@_password_option
@pass_context
def load_pipeline(context, folder: str, date_order: str, password_file: str | None):
	"""Load a sales pipeline: accounts.csv, products.csv, sales_teams.csv, sales_pipeline.csv."""
	started = time.monotonic()
	with _connect_site(context):
		password = demo_users.read_password(password_file) if password_file else None
		summary = pipeline.load_pipeline(folder, date_order, password, _make_progress_bar())
		_print_summary(summary, time.monotonic() - started)


def _print_summary(summary: pipeline.Summary, seconds: float) -> None:
	figures = (
		(_("Loaded now"), f"{summary.loaded:,}"),
		(_("Opportunities won"), f"{summary.won:,}"),
		(_("Opportunities lost"), f"{summary.lost:,}"),
		(_("Opportunities open"), f"{summary.open:,}"),
		(_("Amount won"), f"{summary.amount_won:,.2f} {pipeline.CURRENCY}"),
		(_("Win rate"), f"{100 * summary.win_rate:.2f} %"),
		(_("Seconds"), f"{seconds:.0f}"),
	)
	for label, figure in figures:
		click.echo(f"{label:<20} {figure}")
	click.echo(_("Best sellers:"))
	for seller, amount in summary.best:
		click.echo(f"  {seller:<30} {amount:>16,.2f}")


@cronus.command("demo")
@click.option("--lang", type=click.Choice(word_lists.LANGUAGES), default="es", show_default=True)
@_password_option
@click.option("--clear", is_flag=True, help="Remove exactly what the demo has made.")
@click.option("--users", is_flag=True, help="Print a user of each role: role, tab, e-mail.")
@pass_context
def demo(context, lang: str, password_file: str | None, clear: bool, users: bool):
	"""Make a believable company: 3 teams, 12 sellers, 60 customers, 18 months up to today."""
	with _connect_site(context):
		if users:
			for role, email in demo_company.users_by_role().items():
				click.echo(f"{role}\t{email}")
			if contact := demo_company.find_portal_user():
				click.echo("\t".join((_("Portal"), contact)))
		elif clear:
			_clear_demo()
		else:
			_make_demo(lang, password_file)


def _make_demo(language: str, password_file: str | None) -> None:
	started = time.monotonic()
	if demo_company.demo_exists():
		click.echo(_("The demo is already here; nothing was changed."))
		return
	password = demo_users.read_password(password_file) if password_file else frappe.generate_hash(length=16)
	result = demo_company.make_demo(language, password, progress=_make_progress_bar())
	for doctype, number in sorted(result.counts.items()):
		click.echo(f"{number:6}  {_(doctype)}")
	click.echo(_("Made in {0} seconds.").format(f"{time.monotonic() - started:.0f}"))
	if not password_file:
		click.echo(_("Password of every user, shown only now: {0}").format(password))


def _clear_demo() -> None:
	if not demo_company.demo_exists():
		click.echo(_("There is no demo here."))
		return
	number, kept = demo_company.clear_demo()
	click.echo(_("{0} documents removed.").format(number))
	if kept:
		click.echo(_("{0} stay, because people have used them since:").format(len(kept)))
		for doctype, name in kept:
			click.echo(f"  {_(doctype)} {name}")


commands = [cronus]
