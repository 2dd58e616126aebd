"""What a pipeline's files may be, and what is refused of them. No site is touched."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from cronus_crm.demo import pipeline_csv
from cronus_crm.demo.demo_error import DemoError

DATA = Path(__file__).parent / "test_data"
DEALS = "sales_pipeline.csv"
# The first deal of the excerpt: 1C1I7A6R, won, from 2016-10-20 to 2017-03-01.
FIRST = 2


@pytest.fixture
def folder(tmp_path):
	return Path(shutil.copytree(DATA / "iso", tmp_path / "iso"))


def change(folder: Path, file: str, line: int, column: str, value: str) -> None:
	lines = (folder / file).read_text().splitlines()
	cells = lines[line - 1].split(",")
	cells[lines[0].split(",").index(column)] = value
	lines[line - 1] = ",".join(cells)
	(folder / file).write_text("\n".join(lines) + "\n")


def refusal(folder: Path, order: str = "ymd") -> str:
	with pytest.raises(DemoError) as caught:
		pipeline_csv.read_pipeline(folder, order)
	return str(caught.value)


def test_both_ways_of_writing_dates_are_the_same_pipeline():
	assert pipeline_csv.read_pipeline(DATA / "iso", "ymd") == pipeline_csv.read_pipeline(DATA / "us", "mdy")


def test_the_first_deal():
	deal = pipeline_csv.read_pipeline(DATA / "iso", "ymd").deals[0]
	assert (deal.key, deal.agent, deal.product, deal.account) == (
		"1C1I7A6R",
		"Moses Frase",
		"GTX Plus Basic",
		"Cancity",
	)
	assert (deal.stage, deal.engaged_on, deal.closed_on, deal.value) == (
		"Won",
		date(2016, 10, 20),
		date(2017, 3, 1),
		1054.0,
	)


def test_known_misspellings_are_put_right():
	pipeline = pipeline_csv.read_pipeline(DATA / "iso", "ymd")
	assert {deal.product for deal in pipeline.deals} <= set(pipeline.products)
	sectors = {account.sector for account in pipeline.accounts.values()}
	assert "technology" in sectors and "technolgy" not in sectors
	countries = {account.country for account in pipeline.accounts.values()}
	assert {"Philippines", "Korea, Republic of"} <= countries


def test_revenue_is_in_dollars_and_parents_come_first():
	accounts = pipeline_csv.read_pipeline(DATA / "iso", "ymd").accounts
	assert accounts["Bluth Company"].revenue == 1_242_320_000
	assert accounts["Bluth Company"].parent == "Acme Corporation"
	assert list(accounts).index("Acme Corporation") < list(accounts).index("Bluth Company")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_do_not_matter(folder, line_end, mark):
	expected = pipeline_csv.read_pipeline(folder, "ymd")
	for file in pipeline_csv.COLUMNS:
		lines = (folder / file).read_text().splitlines()
		(folder / file).write_bytes((mark + line_end.join(lines) + line_end).encode())
	assert pipeline_csv.read_pipeline(folder, "ymd") == expected


def test_columns_may_stand_in_another_order_beside_others(folder):
	expected = pipeline_csv.read_pipeline(folder, "ymd")
	lines = (folder / "products.csv").read_text().splitlines()
	turned = [",".join([*reversed(line.split(",")), "more"]) for line in lines]
	(folder / "products.csv").write_text("\n".join(turned))
	assert pipeline_csv.read_pipeline(folder, "ymd") == expected


@pytest.mark.parametrize(
	("data", "order", "value"),
	[
		("iso", "dmy", "2016-10-20"),
		("iso", "mdy", "2016-10-20"),
		("us", "dmy", "10/20/2016"),
		("us", "ymd", "10/20/2016"),
	],
)
def test_a_wrong_order_of_dates_is_refused_at_the_date_that_proves_it(data, order, value):
	message = refusal(DATA / data, order)
	assert f"{DEALS}, line 2, engage_date “{value}”" in message
	assert "--date-order" in message


def test_day_first_given_for_month_first_is_refused(folder):
	shutil.copytree(DATA / "us", folder, dirs_exist_ok=True)
	lines = (folder / DEALS).read_text().splitlines()
	swapped = [lines[0]]
	for line in lines[1:]:
		cells = line.split(",")
		for column in (5, 6):
			if cells[column]:
				month, day, year = cells[column].split("/")
				cells[column] = f"{day}/{month}/{year}"
		swapped.append(",".join(cells))
	(folder / DEALS).write_text("\n".join(swapped))
	assert pipeline_csv.read_pipeline(folder, "dmy") == pipeline_csv.read_pipeline(DATA / "iso", "ymd")
	assert "line 2, engage_date “20/10/2016”" in refusal(folder, "mdy")


@pytest.mark.parametrize(
	"value", ["2016-13-01", "2017-02-29", "20-10-2016", "2016-1-5", "2016-10-20T00:00", "x"]
)
def test_what_is_no_iso_date_is_refused(folder, value):
	change(folder, DEALS, FIRST, "engage_date", value)
	assert f"{DEALS}, line 2, engage_date “{value}”" in refusal(folder)


@pytest.mark.parametrize(
	("file", "column", "value"),
	[
		(DEALS, "sales_agent", "Nobody"),
		(DEALS, "product", "GTX Nothing"),
		(DEALS, "account", "Nowhere Inc."),
		(DEALS, "deal_stage", "Thinking"),
		(DEALS, "opportunity_id", ""),
		(DEALS, "close_value", "a lot"),
		(DEALS, "close_value", "-5"),
		(DEALS, "close_value", "nan"),
		(DEALS, "close_value", "inf"),
		(DEALS, "close_value", ""),
		(DEALS, "close_date", ""),
		(DEALS, "close_date", "2016-10-19"),
		(DEALS, "engage_date", ""),
		("products.csv", "sales_price", "free"),
		("products.csv", "product", "GTX Pro"),
		("accounts.csv", "employees", "12.5"),
		("accounts.csv", "revenue", "?"),
		("accounts.csv", "subsidiary_of", "Nowhere Inc."),
		("sales_teams.csv", "manager", ""),
	],
)
def test_what_cannot_be_right_is_refused_by_file_line_and_value(folder, file, column, value):
	change(folder, file, FIRST, column, value)
	message = refusal(folder)
	assert "Nothing was loaded" in message
	if (file, column) != ("products.csv", "product"):
		assert f"{file}, line 2, {column} “{value}”" in message


def test_a_deal_that_is_open_has_no_close(folder):
	change(folder, DEALS, FIRST, "deal_stage", "Engaging")
	assert "line 2, close_date" in refusal(folder)


def test_a_deal_may_not_come_twice(folder):
	change(folder, DEALS, 3, "opportunity_id", "1C1I7A6R")
	assert "line 3, opportunity_id “1C1I7A6R”" in refusal(folder)


def test_companies_may_not_own_each_other_in_a_circle(folder):
	change(folder, "accounts.csv", FIRST, "subsidiary_of", "Bluth Company")
	assert "circle" in refusal(folder)


def test_a_deal_closes_on_the_day_it_began_at_the_earliest(folder):
	change(folder, DEALS, FIRST, "close_date", "2016-10-20")
	assert pipeline_csv.read_pipeline(folder, "ymd").deals[0].closed_on == date(2016, 10, 20)


@pytest.mark.parametrize("file", list(pipeline_csv.COLUMNS))
def test_a_missing_file_is_named(folder, file):
	(folder / file).unlink()
	assert file in refusal(folder)


@pytest.mark.parametrize("file", list(pipeline_csv.COLUMNS))
def test_a_missing_column_is_named(folder, file):
	path = folder / file
	column = pipeline_csv.COLUMNS[file][-1]
	path.write_text(path.read_text().replace(column, "other", 1))
	assert column in refusal(folder) and file in refusal(folder)


def test_a_row_with_too_few_cells_is_refused(folder):
	with (folder / DEALS).open("a") as file:
		file.write("ABC,Moses Frase\n")
	assert f"{DEALS}, line 104" in refusal(folder)


def test_an_empty_file_and_one_that_is_no_text_are_refused(folder):
	(folder / DEALS).write_text("")
	assert "opportunity_id" in refusal(folder)
	(folder / DEALS).write_bytes(b"\xff\xfe\x00")
	assert "UTF-8" in refusal(folder)


def test_an_order_that_does_not_exist_is_refused(folder):
	assert "ymd, dmy, mdy" in refusal(folder, "ydm")
