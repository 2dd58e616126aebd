"""A real pipeline, as its owner has it, comes in by the import: customers, products, opportunities with their
own dates. What arrives is counted and added up again from the file."""

import csv
from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path

import frappe
import pytest

from tests import import_helper
from tests.import_helper import check_and_run, forget_import, rows_of

FOLDER = Path(__file__).parents[1] / "cronus_crm" / "demo" / "test_data"
FORMATS = {"iso": "%Y-%m-%d", "us": "%m/%d/%Y"}
STAGES = {"Won": "Won", "Lost": "Not won", "Engaging": "Qualified", "Prospecting": "Initial contact"}


def read_rows(folder: Path, name: str) -> list[dict]:
	with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
		return list(csv.DictReader(file))


@pytest.fixture
def imports(site):
	"""Makes imports, and removes them with what they have written."""
	made = []

	def make(*args, **kwargs) -> str:
		made.append(import_helper.make_import(*args, **kwargs))
		return made[-1]

	yield make
	for name in reversed(made):
		forget_import(name)
	frappe.db.delete("Cronus Total", {"seller": ("like", "% of the pipeline")})
	frappe.db.delete("Cronus Seller", {"seller_name": ("like", "% of the pipeline")})
	frappe.db.commit()


def load_pipeline(imports, folder: Path) -> str:
	"""Imports the files of a folder; gives back the import of the opportunities."""
	for agent in {row["sales_agent"] for row in read_rows(folder, "sales_pipeline")}:
		seller = {"doctype": "Cronus Seller", "seller_name": f"{agent} of the pipeline", "is_group": 1}
		frappe.get_doc(seller).insert()
	frappe.db.commit()
	(one, *_others) = sellers = frappe.get_all(
		"Cronus Seller", {"seller_name": ("like", "% of the pipeline")}, pluck="name", order_by="name"
	)
	for target, name, mapping in (
		(
			"Customers",
			"accounts",
			{
				"account": "Customer.customer_name",
				"sector": None,
				"subsidiary_of": None,
				"office_location": "Customer.country",
			},
		),
		(
			"Products",
			"products",
			{"product": "Product.product_code", "series": "Product.family", "sales_price": "Product.price"},
		),
	):
		found = imports(
			(folder / f"{name}.csv").read_text(encoding="utf-8-sig"),
			target=target,
			mapping=mapping,
			decimal_mark="Point",
			default_seller=one if target == "Customers" else None,
			similar_rows="Created anyway",
			other_names="Philipines = Philippines\nKorea = South Korea",
			first_values="Product name = Hardware" if target == "Products" else "",
		)
		doc = check_and_run(found)
		assert not doc.rows_wrong + doc.rows_refused, rows_of(found)
	return imports(
		(folder / "sales_pipeline.csv").read_text(encoding="utf-8-sig"),
		target="Opportunities",
		mapping={
			"opportunity_id": "Opportunity.external_key",
			"product": "Opportunity.title",
			"account": "Opportunity.customer",
			"sales_agent": "Opportunity.seller",
			"deal_stage": "Opportunity.stage",
			"engage_date": "Opportunity.opened_on",
			"close_date": "Opportunity.closed_on",
			"close_value": "Opportunity.value",
		},
		decimal_mark="Point",
		other_names="\n".join(
			[f"{file} = {ours}" for file, ours in STAGES.items() if file != ours]
			+ [f"{name.removesuffix(' of the pipeline')} = {name}" for name in sellers]
		),
		first_values="Loss reason = Not recorded\nName of the prospect = No account yet",
	)


def assert_same_figures(folder: Path, order: str, name: str) -> None:
	"""Compares the opportunities of an import with the file, read by Python alone."""
	rows = read_rows(folder, "sales_pipeline")
	stored = frappe.get_all(
		"Cronus Opportunity",
		{"external_key": ("in", [row["opportunity_id"] for row in rows])},
		["external_key", "stage", "value", "opened_on", "closed_on", "seller", "loss_reason"],
		order_by="name",
	)
	assert len(stored) == len(rows)
	read = lambda text: datetime.strptime(text, FORMATS[order]).date() if text else None  # noqa: E731
	by_key = {row.external_key: row for row in stored}
	for row in rows:
		known = by_key[row["opportunity_id"]]
		assert (known.stage, known.value) == (STAGES[row["deal_stage"]], float(row["close_value"] or 0))
		assert known.closed_on == read(row["close_date"])
		assert not row["engage_date"] or known.opened_on == read(row["engage_date"])
		assert known.seller == f"{row['sales_agent']} of the pipeline"
		assert bool(known.loss_reason) == (row["deal_stage"] == "Lost")
	assert Counter(row.stage for row in stored) == Counter(STAGES[row["deal_stage"]] for row in rows)
	won: dict[date, float] = defaultdict(float)
	for row in rows:
		if row["deal_stage"] == "Won":
			won[read(row["close_date"]).replace(day=1)] += float(row["close_value"])
	totals: dict[date, float] = defaultdict(float)
	for row in frappe.get_all(
		"Cronus Total",
		{"measure": "Deal won", "seller": ("like", "% of the pipeline"), "grain": "Month"},
		["period", "amount"],
		order_by="name",
	):
		totals[row.period] += row.amount
	assert totals == won


@pytest.mark.parametrize("order", FORMATS)
def test_a_pipeline_arrives_with_its_figures(imports, order):
	folder = FOLDER / order
	name = load_pipeline(imports, folder)
	assert (
		frappe.db.get_value("Cronus Customer Import", name, "date_order")
		== {
			"iso": "YYYY-MM-DD",
			"us": "MM/DD/YYYY",
		}[order]
	)
	doc = check_and_run(name)
	assert not doc.rows_wrong + doc.rows_refused + doc.rows_doubled, rows_of(name)
	assert_same_figures(folder, order, name)
