from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from cronus_crm.cronus_exchange.values import cell_texts, contact_data, dates, numbers, tax_id_cells
from cronus_crm.cronus_exchange.values.formats import Formats, WrongValue

pytestmark = pytest.mark.usefixtures("site")

COMMA = Formats(decimal_mark="Comma", thousands_mark="Point", country="EC", tax_country="EC")
POINT = Formats(decimal_mark="Point", thousands_mark="Comma", country="EC")


@pytest.mark.parametrize(
	("cell", "text"),
	[
		("  Peñaflor  S.A. ", "Peñaflor S.A."),
		("Pen\u0303aflor", "Peñaflor"),
		("Acme\u00a0\u00a0Ltda.", "Acme Ltda."),
		("\u200bAcme\ufeff", "Acme"),
		("N/A", ""),
		("-", ""),
		("S/N", ""),
		("'=1+1", "=1+1"),
		("'nino", "'nino"),
		("a\nb", "a b"),
		(66050.0, "66050"),
		(8183087070.0, "8183087070"),
		(True, "1"),
		(date(2025, 4, 3), "2025-04-03"),
	],
)
def test_texts_are_cleaned(cell, text):
	assert cell_texts.clean_text(cell, COMMA) == text


def test_lines_are_kept_where_they_belong():
	assert cell_texts.clean_text("uno \r\n\u00a0dos", COMMA, lines=True) == "uno\ndos"


def test_markup_is_removed():
	assert cell_texts.remove_markup("<p>Acme &amp; Co<br>Quito</p>") == "Acme & Co\nQuito"
	assert cell_texts.remove_markup("5 < 6 & 7 > 2") == "5 < 6 & 7 > 2"


@pytest.mark.parametrize(
	("text", "restored"),
	[("66050.0", "66050"), ("8.183087071E9", "8183087071"), ("0012", "0012"), ("A-1.0", "A-1.0")],
)
def test_identifiers_that_a_spreadsheet_took_for_numbers(text, restored):
	assert cell_texts.restore_identifier(text) == restored


@pytest.mark.parametrize("text", ["8.18308707E9", "1.79E12", "1E+10"])
def test_a_shortened_number_is_refused(text):
	with pytest.raises(WrongValue, match="shortens"):
		cell_texts.restore_identifier(text)


def test_a_number_beyond_what_a_spreadsheet_keeps_is_refused():
	with pytest.raises(WrongValue, match="lost digits"):
		cell_texts.clean_text(1.7912345678901234e17, COMMA)


@pytest.mark.parametrize(
	("cell", "formats", "number"),
	[
		("1.234,56", COMMA, "1234.56"),
		("1,234.56", POINT, "1234.56"),
		("1234,5", COMMA, "1234.5"),
		("$ 1.234", COMMA, "1234"),
		("USD 12,50", COMMA, "12.50"),
		("(12,5)", COMMA, "-12.5"),
		("-3", COMMA, "-3"),
		("15 %", COMMA, "15"),
		(",5", COMMA, "0.5"),
		(12.5, COMMA, "12.5"),
		("1 234 567,8", replace(COMMA, thousands_mark="Space"), "1234567.8"),
	],
)
def test_numbers_by_the_chosen_marks(cell, formats, number):
	assert numbers.read_number(cell, formats) == Decimal(number)


@pytest.mark.parametrize(
	("cell", "formats"),
	[
		("1,234.56", COMMA),
		("1.234,56", POINT),
		("12.5", COMMA),
		("1.23.456", COMMA),
		("101 a 250 personas", COMMA),
		("2010-07", COMMA),
		("doce", COMMA),
		("8.18308707E9", POINT),
		(float("inf"), COMMA),
	],
)
def test_what_is_no_number_in_the_chosen_marks_is_refused(cell, formats):
	with pytest.raises(WrongValue):
		numbers.read_number(cell, formats)


def test_whole_numbers():
	assert numbers.read_whole_number("66050.0", POINT) == 66050
	assert numbers.read_whole_number("", POINT) is None
	with pytest.raises(WrongValue, match="whole"):
		numbers.read_whole_number("1,5", COMMA)


@pytest.mark.parametrize(
	("cell", "order", "day"),
	[
		("03/04/2025", "DD/MM/YYYY", date(2025, 4, 3)),
		("03/04/2025", "MM/DD/YYYY", date(2025, 3, 4)),
		("2025-04-03", "YYYY-MM-DD", date(2025, 4, 3)),
		("3.4.2025", "DD/MM/YYYY", date(2025, 4, 3)),
		("3-4-2025 00:00:00", "DD/MM/YYYY", date(2025, 4, 3)),
		(datetime(2025, 4, 3), "MM/DD/YYYY", date(2025, 4, 3)),
		("s/n", "DD/MM/YYYY", None),
		("03/04/2025 10:30", "DD/MM/YYYY", date(2025, 4, 3)),
		("3-abr-2025", "MM/DD/YYYY", date(2025, 4, 3)),
		("3 de abril del 2025", "DD/MM/YYYY", date(2025, 4, 3)),
		("April 3, 2025", "YYYY-MM-DD", date(2025, 4, 3)),
		("3 sept. 2025", "DD/MM/YYYY", date(2025, 9, 3)),
	],
)
def test_dates_in_the_chosen_order(cell, order, day):
	assert dates.read_date(cell, replace(COMMA, date_order=order)) == day


@pytest.mark.parametrize(
	("cell", "order"),
	[
		("13/14/2025", "DD/MM/YYYY"),
		("31/02/2025", "DD/MM/YYYY"),
		("25/12/2025", "MM/DD/YYYY"),
		("2025-04-03", "DD/MM/YYYY"),
		("03/04/2025", "YYYY-MM-DD"),
		("03/04/25", "DD/MM/YYYY"),
		("2010-07", "DD/MM/YYYY"),
		("2010", "DD/MM/YYYY"),
		("3 de abril", "DD/MM/YYYY"),
		("01/01/1899", "DD/MM/YYYY"),
		(45750.0, "DD/MM/YYYY"),
		("3 de brumario de 2025", "DD/MM/YYYY"),
	],
)
def test_a_date_that_contradicts_the_choice_is_refused(cell, order):
	with pytest.raises(WrongValue):
		dates.read_date(cell, replace(COMMA, date_order=order))


def test_partial_dates_and_short_years_by_choice():
	chosen = replace(COMMA, first_of_partial=True, two_digit_years=True)
	assert dates.read_date("2010-07", chosen) == date(2010, 7, 1)
	assert dates.read_date("07/2010", chosen) == date(2010, 7, 1)
	assert dates.read_date("2010", chosen) == date(2010, 1, 1)
	assert dates.read_date("03/04/25", chosen) == date(2025, 4, 3)
	assert dates.read_date("03/04/75", chosen) == date(1975, 4, 3)
	assert dates.read_moment("03/04/2025 2:30 p. m.", chosen) == datetime(2025, 4, 3, 14, 30)


@pytest.mark.parametrize(
	("cell", "phones"),
	[
		("Tel.: 02 234-5678", ("02 234-5678",)),
		("02 2345678 Int. 104", ("02 2345678 #104",)),
		("022345678, ext 12", ("022345678 #12",)),
		("0991234567 / 0987654321", ("0991234567", "0987654321")),
		("0991234567 y 0987654321; 0990000001", ("0991234567", "0987654321", "0990000001")),
		("0991234567 o 0991234567", ("0991234567",)),
		("+593 99 123 4567", ("+593 99 123 4567",)),
		("Cel. 0991234567\nTel. 022345678", ("0991234567", "022345678")),
		("(02) 234–5678", ("(02) 234-5678",)),
		(991234567.0, ("991234567",)),
		("9.91234567E8", ("991234567",)),
		("s/n", ()),
		("+593 (02) 234 - 5678 #104", ("+593022345678#104",)),
	],
)
def test_telephones(cell, phones):
	assert contact_data.read_phones(cell, COMMA).values == phones


def test_a_second_telephone_gets_the_area_code_of_the_first_and_says_so():
	found = contact_data.read_phones("02-2345678 / 2456789", COMMA)
	assert found.values[1].replace(" ", "").replace("-", "") == "+59322456789"
	assert "2456789" in found.notes[0]


@pytest.mark.parametrize("cell", ["llamar a Juan 0991234567", "12345", "8.18308707E9", "0" * 30])
def test_what_is_no_telephone_is_refused(cell):
	with pytest.raises(WrongValue):
		contact_data.read_phones(cell, COMMA)


def test_mails():
	found = contact_data.read_emails("Ana@acme.com / ventas@acme.com; ana@acme.com y x@y.ec", COMMA)
	assert found.values == ("Ana@acme.com", "ventas@acme.com", "x@y.ec")
	for wrong in ("acme.com", "ana@", "peña@acme.com"):
		with pytest.raises(WrongValue):
			contact_data.read_emails(wrong, COMMA)


@pytest.mark.parametrize(
	("cell", "address"),
	[
		("www.acme.com", "https://www.acme.com"),
		("WWW.Acme.COM.EC/Inicio", "https://www.acme.com.ec/Inicio"),
		("acme.com", "https://acme.com"),
		("HTTP://acme.com", "http://acme.com"),
		("https://acme.com/a?b=c", "https://acme.com/a?b=c"),
		("-", None),
	],
)
def test_web_sites(cell, address):
	assert contact_data.read_website(cell, COMMA) == address


@pytest.mark.parametrize(
	"cell", ["no tiene", "ftp://acme.com", "javascript:alert(1)", "ana@acme.com", "acme"]
)
def test_what_is_no_web_site_is_refused(cell):
	with pytest.raises(WrongValue):
		contact_data.read_website(cell, COMMA)


def test_tax_ids():
	assert tax_id_cells.read_tax_id("1790011674001.0", "EC") == ("1790011674001", None)
	assert tax_id_cells.read_tax_id("125319092", "CL") == ("12.531.909-2", None)
	assert tax_id_cells.read_tax_id("B-123", None) == ("B-123", None)
	assert "too long" in tax_id_cells.read_tax_id("1790011674009123", "EC")[1]
	with pytest.raises(WrongValue, match="leading zero"):
		tax_id_cells.read_tax_id("926687856", "EC")
	assert tax_id_cells.read_tax_id("0926687856", "EC") == ("0926687856", None)
