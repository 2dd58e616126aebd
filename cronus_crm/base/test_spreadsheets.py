from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from cronus_crm.base.spreadsheets import Sheet, build_workbook, neutralise_cell


@pytest.mark.parametrize(
	"text",
	[
		'=HYPERLINK("http://x")',
		"+1+cmd|' /C calc'!A0",
		"-1+1|cmd",
		"@SUM(1)",
		"\t=1",
		"\r=1",
		"\n=1",
		"+593 99 123 4567",
	],
)
def test_text_that_begins_like_a_formula_is_made_text(text):
	assert neutralise_cell(text) == f"'{text}"
	assert neutralise_cell(neutralise_cell(text)) == f"'{text}"


@pytest.mark.parametrize(
	"value", [-5, -5.5, date(2026, 3, 2), None, "", "-", "-5", "-1.234,50", "Ana = María", " =1", "'x"]
)
def test_everything_else_is_left_as_it_is(value):
	assert neutralise_cell(value) == value
	assert type(neutralise_cell(value)) is type(value)


def test_telephones_come_back_from_a_file_that_will_be_imported():
	assert neutralise_cell("+593 (99) 123-4567", keep_phones=True) == "+593 (99) 123-4567"
	assert neutralise_cell("+593&cmd", keep_phones=True) == "'+593&cmd"


def test_a_workbook_has_no_formulas_and_keeps_types():
	rows = [["=1+1", 5, date(2026, 3, 2), "bell \x07", None], ["-x", -5, None, "+593", True]]
	contents = build_workbook(
		[
			Sheet("Customers", ["=Name", "Number", "Date", "Text", "Check"], rows),
			Sheet("A title: with signs that are [not] allowed", ["Empty"], []),
		]
	)
	book = load_workbook(BytesIO(contents))
	assert book.sheetnames == ["Customers", "A title  with signs that are  n"]
	page = book["Customers"]
	values = [[cell.value for cell in row] for row in page.iter_rows()]
	assert values[0][0] == "'=Name"
	assert values[1][0] == "'=1+1"
	assert (values[1][1], values[1][2].date(), values[1][3]) == (5, date(2026, 3, 2), "bell ")
	assert (values[2][0], values[2][1], values[2][3], values[2][4]) == ("'-x", -5, "'+593", True)
	assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
	assert (page.freeze_panes, page["A1"].font.bold) == ("A2", True)
