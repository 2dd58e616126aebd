import pytest

from cronus_crm.cronus_billing.printing.page_breaks import count_lines, split_into_pages, text_width


def rows_of(heights, first, others) -> list[list]:
	return [list(heights[page]) for page in split_into_pages(heights, first, others)]


def test_a_page_takes_what_fits():
	assert rows_of([10, 10, 10, 10, 10], first=20, others=30) == [[10, 10], [10, 10, 10]]


def test_no_rows_are_one_empty_page():
	assert rows_of([], first=20, others=30) == [[]]


def test_a_first_page_without_room_leaves_the_rows_to_the_next():
	assert rows_of([10, 10], first=5, others=30) == [[], [10, 10]]


def test_a_row_higher_than_a_page_has_it_for_itself():
	assert rows_of([10, 50, 10], first=20, others=30) == [[10], [50], [10]]
	assert rows_of([50, 10], first=20, others=30) == [[50], [10]]


def test_every_row_is_on_one_page():
	heights = [7 + 4 * (number % 5) for number in range(400)]
	assert [row for page in rows_of(heights, 120, 230) for row in page] == heights
	assert all(sum(page) <= 230 for page in rows_of(heights, 120, 230))


@pytest.mark.parametrize(
	"text, lines",
	[
		("", 1),
		("Cable", 1),
		("Cable THHN calibre 12 AWG", 2),
		("one\ntwo\nthree", 3),
		("PROD-EXTRALARGO-0018-AZUL-MARINO", 4),
		("W" * 40, 4),
	],
)
def test_a_text_breaks_between_words_and_within_long_ones(text, lines):
	assert count_lines(text, width=30, points=9) == lines


@pytest.mark.parametrize(
	"text, width",
	[
		("1,234,567.89", 18.5),
		("TORNILLO HEXAGONAL", 36.5),
		("Tubería de acero inoxidable con recubrimiento", 65.4),
	],
)
def test_letters_are_as_wide_as_those_of_helvetica(text, width):
	"""Measured with Liberation Sans, whose letters have the widths of Helvetica's."""
	assert text_width(text, 9) == pytest.approx(width, rel=0.06)


def test_no_space_follows_a_hyphen():
	date = "2026-11-22"
	assert count_lines(date, text_width(date, 9) + 0.1, 9) == 1
	assert count_lines("2026 11 22", text_width("20261122", 9) + 0.1, 9) == 2
