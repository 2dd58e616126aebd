import csv
import io
import tracemalloc
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from cronus_crm.cronus_exchange.reading import rows as reading
from cronus_crm.cronus_exchange.reading.choices import ENCODINGS, QUOTES, SEPARATORS, ReadingChoices
from cronus_crm.cronus_exchange.reading.file_kinds import WrongFile
from cronus_crm.cronus_exchange.reading.text_formats import propose_encoding, propose_text_choices
from tests.depth import times_depth

pytestmark = pytest.mark.usefixtures("site")

# No text has a lone surrogate, which no encoding can write.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# Of what old encodings can write.
OLD_TEXTS = st.text("abcÁÉñÑüç€“”°ª ,;'|\"\n\t0123456789-", max_size=12)


def table_of(texts):
	return st.lists(st.lists(texts, max_size=5), max_size=8)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
	path.write_bytes(text.encode(encoding))
	return path


def read_cells(path: Path, choices: ReadingChoices) -> list[list[str]]:
	rows = list(reading.iterate_rows(path, choices))
	assert not [row.error for row in rows if row.error]
	return [list(row.cells) for row in rows]


@settings(max_examples=times_depth(75), deadline=None)
@given(
	table_of(TEXTS),
	st.sampled_from(sorted(SEPARATORS)),
	st.sampled_from(["Double", "Single"]),
	st.sampled_from(["UTF-8", "UTF-16", "UTF-16 (little endian)", "UTF-16 (big endian)"]),
	st.sampled_from(["\r\n", "\n"]),
	st.sampled_from(
		[
			csv.QUOTE_ALL,
			csv.QUOTE_NONNUMERIC,
			csv.QUOTE_STRINGS if hasattr(csv, "QUOTE_STRINGS") else csv.QUOTE_ALL,
		]
	),
)
def test_every_table_that_python_writes_comes_back(table, separator, quote, encoding, ending, quoting):
	lines = io.StringIO(newline="")
	csv.writer(
		lines,
		delimiter=SEPARATORS[separator],
		quotechar=QUOTES[quote],
		lineterminator=ending,
		quoting=quoting,
	).writerows(table)
	file = io.TextIOWrapper(io.BytesIO(), encoding=ENCODINGS[encoding], newline="")
	file.write(lines.getvalue())
	file.flush()
	choices = ReadingChoices(encoding, separator, quote)
	file.seek(0)
	rows = [list(row.cells) for row in reading.parse_rows(file, choices)]
	assert rows == table


@settings(max_examples=times_depth(50), deadline=None)
@given(
	table_of(OLD_TEXTS),
	st.sampled_from(sorted(SEPARATORS)),
	st.sampled_from(["Windows-1252", "UTF-8"]),
	st.sampled_from(["\r\n", "\n"]),
)
@example([["sep"]], "Comma", "UTF-8", "\n")
def test_a_table_written_with_as_few_quotation_marks_as_possible_comes_back(
	table, separator, encoding, ending
):
	lines = io.StringIO(newline="")
	csv.writer(lines, delimiter=SEPARATORS[separator], lineterminator=ending).writerows(table)
	text = lines.getvalue().encode(ENCODINGS[encoding]).decode(ENCODINGS[encoding])
	source = io.StringIO(text, newline="")
	rows = [list(row.cells) for row in reading.parse_rows(source, ReadingChoices(encoding, separator))]
	assert rows == table


@pytest.mark.parametrize("encoding", sorted(ENCODINGS))
def test_each_encoding_is_read(tmp_path, encoding):
	path = write(tmp_path / "a.csv", "Nombre;Ciudad\nPeñaflor Açaí;Ibarra\n", ENCODINGS[encoding])
	rows = read_cells(path, ReadingChoices(encoding, "Semicolon"))
	assert rows == [["Nombre", "Ciudad"], ["Peñaflor Açaí", "Ibarra"]]


@pytest.mark.parametrize(
	("python_name", "proposed"),
	[
		("utf-8", "UTF-8"),
		("utf-8-sig", "UTF-8"),
		("utf-16", "UTF-16"),
		("utf-16-le", "UTF-16 (little endian)"),
		("utf-16-be", "UTF-16 (big endian)"),
		("cp1252", "Windows-1252"),
	],
)
def test_the_encoding_is_proposed(tmp_path, python_name, proposed):
	rows = "".join(f"Compañía Ñandú {n};Cuenca;Peña\n" for n in range(50))
	path = write(tmp_path / "a.csv", "Razón social;Ciudad;Dueño\n" + rows, python_name)
	assert propose_encoding(path) == proposed


@pytest.mark.parametrize("separator", sorted(SEPARATORS))
def test_the_separator_is_proposed(tmp_path, separator):
	mark = SEPARATORS[separator]
	text = f'Nombre{mark}Ciudad{mark}Nota\n"A, B; C|D"{mark}Quito{mark}"uno\ndos"\nE{mark}Loja{mark}\n'
	assert propose_text_choices(write(tmp_path / "a.csv", text)).separator == separator


def test_what_excel_says_of_its_separator_counts(tmp_path):
	path = write(tmp_path / "a.csv", "sep=;\nNombre;Ciudad\nA,B;C\n")
	choices = propose_text_choices(path)
	assert choices.separator == "Semicolon"
	rows = list(reading.iterate_rows(path, choices))
	assert reading.read_heading(iter(rows), choices).texts == ("Nombre", "Ciudad")


def test_a_row_says_the_line_on_which_it_begins(tmp_path):
	path = write(tmp_path / "a.csv", 'a,b\n\n"x\ny",1\r\nz,2\n')
	rows = list(reading.iterate_data(path, ReadingChoices()))
	assert [(row.line, row.cells) for row in rows] == [(3, ("x\ny", "1")), (5, ("z", "2"))]


def test_lines_of_old_macs_are_lines(tmp_path):
	path = write(tmp_path / "a.csv", "a,b\r1,2\r3,4\r")
	assert [row.line for row in reading.iterate_data(path, ReadingChoices())] == [2, 3]


def test_quotation_marks_that_do_not_match_are_an_error_of_their_row(tmp_path):
	path = write(tmp_path / "a.csv", 'a,b\n"Acme" S.A.,1\nBeta,2\n"never closed,3\nGamma,4\n')
	rows = list(reading.iterate_data(path, ReadingChoices()))
	assert [(row.line, bool(row.error)) for row in rows] == [(2, True), (3, False), (4, True)]


def test_bytes_of_another_encoding_are_an_error_of_their_row(tmp_path):
	path = tmp_path / "a.csv"
	path.write_bytes(b"a,b\nbien,1\n" + b"Pe\xf1a,2\n" + b"bien,3\n")
	rows = list(reading.iterate_data(path, ReadingChoices()))
	assert [bool(row.error) for row in rows] == [False, True, False]


def test_cells_beyond_the_headings_are_an_error_unless_they_are_empty(tmp_path):
	path = write(tmp_path / "a.csv", "a,b\n1,2,,\n1,2,3\n1\n")
	rows = list(reading.iterate_data(path, ReadingChoices()))
	assert [(row.cells, bool(row.error)) for row in rows] == [
		(("1", "2"), False),
		(("1", "2"), True),
		(("1", ""), False),
	]


def test_a_workbook_gives_values_with_their_types(tmp_path):
	book = Workbook()
	book.active.append(["Nombre", "RUC", "Desde", "Hora", "Activo"])
	book.active.append(["Ñandú", 66050.0, date(2025, 4, 3), datetime(2025, 4, 3, 10, 30), True])
	book.create_sheet("Otra").append(["x"])
	book.save(tmp_path / "a.xlsx")
	(row,) = reading.iterate_data(tmp_path / "a.xlsx", ReadingChoices())
	assert row.cells == ("Ñandú", 66050.0, date(2025, 4, 3), datetime(2025, 4, 3, 10, 30), True)
	assert row.line == 2
	assert reading.list_sheets(tmp_path / "a.xlsx") == ["Sheet", "Otra"]
	with pytest.raises(WrongFile, match="Nadie"):
		list(reading.iterate_rows(tmp_path / "a.xlsx", ReadingChoices(sheet="Nadie")))


def test_lines_of_a_workbook_are_counted_from_its_top(tmp_path):
	book = Workbook()
	for cells in ([], [None, "Directorio 2025"], [], ["", "Nombre", "Ciudad"], [], ["", "A", "Quito"]):
		book.active.append(cells)
	book.save(tmp_path / "a.xlsx")
	(row,) = reading.iterate_data(tmp_path / "a.xlsx", ReadingChoices(heading_line=4))
	assert (row.line, row.cells) == (6, ("", "A", "Quito"))


WRONG_FILES = {
	"foto.csv": (b"\x89PNG\r\n\x1a\n0000", "image"),
	"foto.jpg": (b"\xff\xd8\xff\xe0000", "image"),
	"clientes.pdf": (b"%PDF-1.7 x", "PDF"),
	"viejo.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x", r"\.xls"),
	"web.xls": (b"<html><table><tr><td>x", "HTML"),
	"web.csv": (b"\xef\xbb\xbf\r\n<!DOCTYPE html><x>", "HTML"),
	"x.csv": (b"<?xml version='1.0'?>", "XML"),
	"texto.xlsx": (b"a,b\n1,2\n", "text"),
	"vacio.csv": (b"\xef\xbb\xbf \r\n", "empty"),
	"nada.csv": (b"", "empty"),
	"datos.csv": (bytes(range(256)) * 4, "neither"),
	"roto.xlsx": (b"PK\x03\x04" + b"x" * 50, "damaged"),
	"carta.csv": (b"{\\rtf1 x", "word processor"),
	"todo.csv": (b"\x1f\x8b\x08x", "compressed"),
}


@pytest.mark.parametrize("name", sorted(WRONG_FILES))
def test_a_wrong_file_is_named_for_what_it_is(tmp_path, name):
	contents, said = WRONG_FILES[name]
	(tmp_path / name).write_bytes(contents)
	with pytest.raises(WrongFile, match=said):
		list(reading.iterate_data(tmp_path / name, ReadingChoices()))


def test_a_workbook_with_the_name_of_a_text_is_named(tmp_path):
	Workbook().save(tmp_path / "a.csv")
	with pytest.raises(WrongFile, match=r"Excel workbook.*\.xlsx"):
		list(reading.iterate_rows(tmp_path / "a.csv", ReadingChoices()))


def test_a_file_without_headings_says_so(tmp_path):
	with pytest.raises(WrongFile, match="headings"):
		list(reading.iterate_data(write(tmp_path / "a.csv", ",,\n\n ,\n"), ReadingChoices()))


def test_many_columns_are_read(tmp_path):
	heading = ",".join(f"Columna {n}" for n in range(200))
	path = write(tmp_path / "a.csv", f"{heading}\n{','.join(map(str, range(200)))}\n")
	(row,) = reading.iterate_data(path, ReadingChoices())
	assert len(row.cells) == 200


def test_rows_are_read_one_by_one(tmp_path):
	with (tmp_path / "a.csv").open("w") as file:
		file.write("a,b,c\n")
		file.writelines(f"Cliente {n},{n},Quito\n" for n in range(100_000))
	tracemalloc.start()
	number = sum(1 for _row in reading.iterate_data(tmp_path / "a.csv", ReadingChoices()))
	_now, most = tracemalloc.get_traced_memory()
	tracemalloc.stop()
	assert number == 100_000
	assert most < 2_000_000  # bytes
