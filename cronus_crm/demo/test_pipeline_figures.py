"""The figures of a real pipeline against an independent computation: pandas, straight from its CSV files.

The excerpt is loaded; CRONUS_PIPELINE names the folder of another one, with dates in ISO 8601. Everything is
compared to the cent, for the administrator, for each manager's team and for a seller of each.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import frappe
import pandas as pd
import pytest
from frappe.utils import getdate

from cronus_crm.cronus_analytics.ledger import entries, recount_totals, totals
from cronus_crm.cronus_analytics.ledger.totals import Scope
from cronus_crm.cronus_analytics.report.cronus_seller_efficiency import cronus_seller_efficiency
from cronus_crm.cronus_analytics.report.cronus_won_deals import cronus_won_deals
from cronus_crm.demo import demo_users, pipeline

FOLDER = Path(os.environ.get("CRONUS_PIPELINE") or Path(__file__).parent / "test_data" / "iso")
FIRST, LAST = date(2016, 1, 1), date(2017, 12, 31)
STAGES = {"Prospecting": "Initial contact", "Engaging": "Negotiation", "Won": "Won", "Lost": "Not won"}

pytestmark = pytest.mark.usefixtures("restored")


@dataclass
class Prepared:
	deals: pd.DataFrame
	managers: dict[str, str]
	loaded_on: date


def prepare() -> Prepared:
	frappe.db.set_single_value("Cronus CRM Settings", "currency", "USD")
	loaded_on = getdate()
	with pytest.MonkeyPatch.context() as patch:
		# Its many transactions are one here, which is taken back; the framework allows fewer writes in one.
		patch.setattr(frappe.db, "MAX_WRITES_PER_TRANSACTION", 10_000_000)
		pipeline.load_pipeline(str(FOLDER), "ymd")
	return Prepared(read_deals(loaded_on), read_managers(), loaded_on)


def read_managers() -> dict[str, str]:
	teams = pd.read_csv(FOLDER / "sales_teams.csv")
	return dict(zip(teams.sales_agent, teams.manager, strict=True))


def read_deals(loaded_on: date) -> pd.DataFrame:
	"""A row for each deal: seller, office, stage, value, price, opened, closed, and whether it was quoted."""
	deals = pd.read_csv(
		FOLDER / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"], keep_default_na=True
	)
	deals["product"] = deals["product"].replace("GTXPro", "GTX Pro")
	prices = pd.read_csv(FOLDER / "products.csv").set_index("product").sales_price
	offices = pd.read_csv(FOLDER / "sales_teams.csv").set_index("sales_agent").regional_office
	deals["price"] = deals["product"].map(prices)
	return pd.DataFrame(
		{
			"seller": deals.sales_agent,
			"office": deals.sales_agent.map(offices),
			"stage": deals.deal_stage.map(STAGES),
			"value": deals.close_value.fillna(deals.price),
			"price": deals.price,
			# Nobody knows when what is only prospecting began: it is written on the day of the load.
			"opened": deals.engage_date.fillna(pd.Timestamp(loaded_on)),
			"closed": deals.close_date,
			"quoted": deals.account.notna() & deals.engage_date.notna(),
		}
	)


@pytest.fixture
def deals(prepared) -> pd.DataFrame:
	return prepared.deals


def teams(managers: dict[str, str]) -> dict[str, list[str]]:
	"""By who reads, the sellers that they see: everybody, each manager's team, and one seller of each."""
	everybody = sorted({*managers, *managers.values()})
	seen = {"Administrator": everybody}
	for manager in sorted(set(managers.values())):
		team = sorted(seller for seller, superior in managers.items() if superior == manager)
		seen[demo_users.make_email_address(manager)] = [manager, *team]
		seen[demo_users.make_email_address(team[0])] = [team[0]]
	return seen


@pytest.fixture
def readers(prepared):
	"""Asks as each reader, and says which of the deals are theirs."""

	def each():
		everybody = sorted({*prepared.managers, *prepared.managers.values()})
		for user, sellers in teams(prepared.managers).items():
			frappe.set_user(user)
			# The administrator sees what others have left on the site, too.
			scope = Scope(everybody) if user == "Administrator" else totals.EVERYTHING
			yield scope, prepared.deals[prepared.deals.seller.isin(sellers)]

	return each


def in_cents(rows: Sequence, by: Sequence[str]) -> dict[tuple, tuple[int, int]]:
	return {
		tuple(getdate(row[name]) if name == "month" else row[name] for name in by): (
			row["number"],
			round(row["amount"] * 100),
		)
		for row in rows
	}


def summed(deals: pd.DataFrame, amount: str, *by: pd.Series) -> dict[tuple, tuple[int, int]]:
	"""Number and amount of each group, as `in_cents` gives them back."""
	groups = deals.groupby([series.reindex(deals.index) for series in by])[amount].agg(["size", "sum"])
	return {
		(key if isinstance(key, tuple) else (key,)): (int(row["size"]), round(row["sum"] * 100))
		for key, row in groups.iterrows()
	}


def month_of(days: pd.Series) -> pd.Series:
	return days.dt.to_period("M").dt.start_time.dt.date


def read(measure: str, by: tuple[str, ...], scope: Scope, to_date: date = LAST) -> dict:
	return in_cents(totals.read_period_totals((measure,), FIRST, to_date, by=by, scope=scope), by)


BY_ALL = ("month", "seller", "work_center")


def test_deals_in_progress_by_seller_and_stage(readers):
	for scope, deals in readers():
		there = deals[deals.stage.isin(["Initial contact", "Negotiation"])]
		by = ("seller", "dimension", "work_center")
		found = in_cents(totals.read_current_totals(("Deal in progress",), by=by, scope=scope), by)
		assert found == summed(there, "value", deals.seller, deals.stage, deals.office)
		(in_all,) = totals.read_current_totals(("Deal in progress",), scope=scope) or [
			frappe._dict(number=0, amount=0)
		]
		assert (in_all.number, in_all.amount) == (len(there), round(there.value.sum(), 2))


def test_what_deals_in_progress_promise(readers):
	probability = {"Initial contact": 10, "Negotiation": 75}
	for scope, deals in readers():
		there = deals[deals.stage.isin(probability)].copy()
		there["potential"] = (there.value * there.stage.map(probability) / 100).round(2)
		found = in_cents(
			totals.read_current_totals(("Deal potential",), by=("seller",), scope=scope), ("seller",)
		)
		assert found == summed(there, "potential", there.seller)


def test_deals_won_and_lost_by_month_and_seller(readers):
	for scope, deals in readers():
		won, lost = deals[deals.stage == "Won"], deals[deals.stage == "Not won"]
		for measure, closed in (("Deal won", won), ("Deal lost", lost)):
			expected = summed(closed, "value", month_of(closed.closed), closed.seller, closed.office)
			assert read(measure, BY_ALL, scope) == expected
		reasons = read("Deal lost", ("dimension",), scope)
		assert reasons == ({("Not recorded",): (len(lost), 0)} if len(lost) else {})


def test_deals_opened_by_month(readers, prepared):
	for scope, deals in readers():
		expected = summed(deals, "value", month_of(deals.opened), deals.seller, deals.office)
		assert read("Deal opened", BY_ALL, scope, prepared.loaded_on) == expected


def test_stages_that_deals_reached(readers, prepared):
	for scope, deals in readers():
		engaged = deals[deals.stage != "Initial contact"].assign(stage="Negotiation")
		closed = engaged[engaged.closed.notna()]
		there = pd.concat([deals, closed], ignore_index=True)
		expected = summed(there, "value", there.stage, there.seller)
		assert read("Stage reached", ("dimension", "seller"), scope, prepared.loaded_on) == expected


def test_proformas_and_which_of_them_were_invoiced(readers):
	for scope, deals in readers():
		quoted = deals[deals.quoted]
		won = quoted[quoted.stage == "Won"]
		for measure, there in (("Proforma", quoted), ("Proforma invoiced", won)):
			expected = summed(there, "price", month_of(there.opened), there.seller, there.office)
			assert read(measure, BY_ALL, scope) == expected


def test_invoices_and_payments_by_month(readers):
	for scope, deals in readers():
		won = deals[deals.quoted & (deals.stage == "Won")]
		paid = won[won.value > 0]
		for measure, there in (("Invoice", won), ("Payment", paid)):
			expected = summed(there, "value", month_of(there.closed), there.seller, there.office)
			assert read(measure, BY_ALL, scope) == expected


def test_any_period_of_days(readers):
	periods = (("2017-01-10", "2017-01-20"), ("2016-12-31", "2017-03-01"), ("2017-02-02", "2017-12-30"))
	for scope, deals in readers():
		won = deals[deals.stage == "Won"]
		for period in periods:
			inside = won[won.closed.between(*period)]
			found = totals.read_period_totals(
				("Deal won",), *map(getdate, period), by=("seller",), scope=scope
			)
			assert in_cents(found, ("seller",)) == summed(inside, "value", inside.seller)


def test_average_won_value_and_conversion_of_each_seller(readers):
	for _scope, deals in readers():
		closed = deals[deals.closed.notna()]
		_columns, rows, *_others = cronus_won_deals.execute({"from_date": FIRST, "to_date": LAST})
		found = {row["seller"]: row for row in rows}
		for seller, theirs in closed.groupby("seller"):
			won = theirs[theirs.stage == "Won"]
			row = found[seller]
			assert (row["won"], row["lost"]) == (len(won), len(theirs) - len(won))
			assert row["average"] == (round(won.value.mean(), 2) if len(won) else None)
			assert row["conversion"] == round(100 * len(won) / len(theirs), 2)


def test_performance_of_each_seller(readers):
	"""Conversion of proformas by number and amount, days to invoice, invoices: row C4."""
	for _scope, deals in readers():
		quoted = deals[deals.quoted]
		_columns, rows, *_others = cronus_seller_efficiency.execute({"from_date": FIRST, "to_date": LAST})
		found = {row["seller"]: row for row in rows}
		for seller, theirs in quoted.groupby("seller"):
			won = theirs[theirs.stage == "Won"]
			row = found[seller]
			assert (row["proformas"], row["proforma_amount"]) == (len(theirs), round(theirs.price.sum(), 2))
			assert (row["invoiced"], row["invoiced_amount"]) == (len(won), round(won.price.sum(), 2))
			assert row["rate_by_number"] == round(100 * len(won) / len(theirs), 2)
			assert row["rate_by_amount"] == round(100 * won.price.sum() / theirs.price.sum(), 2)
			days = (won.closed - won.opened).dt.days.median()
			assert row["days_to_invoice"] == (None if pd.isna(days) else days)
			assert (row["invoices"], row["invoice_amount"]) == (len(won), round(won.value.sum(), 2))


def test_ledger_and_totals_agree_with_the_records(deals):
	assert list(entries.find_differences()) == []
	assert list(recount_totals.find_differences()) == []
