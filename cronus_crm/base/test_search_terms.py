"""By what a record is found, and what is meant by what somebody types."""

import frappe
import pytest

from cronus_crm.base.search_terms import Question, make_terms, make_tokens, read_question


def finds(text: str, **values) -> bool:
	"""True when the text finds a record with these values: as the search asks the index."""
	tokens = make_tokens(**values)
	terms = make_terms(tokens)
	question = read_question(text)

	def begins(word: str) -> bool:
		inside = (0, 1) if len(word) >= 3 else (0,)
		return any(term.startswith(word[:32]) for place, term in terms if place in inside)

	if any(begins(number) for number in question.numbers):
		return True
	return (
		bool(question.words)
		and all(word in tokens for word in question.words)
		and any(begins(word) for word in question.words)
	)


@pytest.mark.parametrize(
	"text",
	[
		"garcia",
		"GARCÍA",
		"arcí",
		"garcía hermanos",
		"hermanos garcia",
		"s.a.",
		"sa",
		"obrien",
		"o'brien",
		"ñandu",
	],
)
def test_a_name_is_found_by_any_part_of_it(text):
	assert finds(text, texts=["García & Hermanos S.A. O’Brien Ñandú"])


@pytest.mark.parametrize(
	"text", ["perez", "garcia perez", "arcia xx", "a", "", "🍎", "%", "_", "'", "´", "--"]
)
def test_what_is_not_there_is_not_found(text):
	assert not finds(text, texts=["García Hermanos"], numbers=["CL-00012"])


@pytest.mark.parametrize(
	"stored",
	["099 123 4567", "0991234567", "+593 99 123 4567", "(099) 123-4567", "02 234 5678 / 099 123 4567"],
)
@pytest.mark.parametrize(
	"text", ["0991234567", "099-123-4567", "+593 99 123 4567", "593991234567", "1234567", "4567", "99 123"]
)
def test_a_telephone_is_found_however_it_is_written(stored, text, monkeypatch):
	monkeypatch.setattr("cronus_crm.base.search_terms._site_region", lambda: "EC")
	assert finds(text, telephones=[stored])


def test_a_mobile_of_mexico_is_found_by_either_prefix():
	assert finds("+52 1 55 1234 5678", telephones=["55 1234 5678"])
	assert finds("5512345678", telephones=["+52 1 55 1234 5678"])


@pytest.mark.parametrize(
	"stored, text",
	[
		("1792345678001", "1792345678-001"),
		("76.086.428-5", "760864285"),
		("76086428-5", "76.086.428-5"),
		("GODE561231GR8", "gode-561231-gr8"),
		("GODE561231GR8", "561231"),
	],
)
def test_a_tax_id_is_found_however_it_is_written(stored, text):
	assert finds(text, tax_ids=[stored])


@pytest.mark.parametrize("text", ["juan.perez@acme.com", "perez@acme", "acme.com", "juan", "acme"])
def test_an_address_is_found_by_its_parts(text):
	assert finds(text, emails=["juan.perez@acme.com"])


@pytest.mark.parametrize(
	"text", ["PF-2026-00012", "pf 2026 00012", "2026-00012", "00012", "12", "pf202600012"]
)
def test_a_document_is_found_by_its_number(text):
	assert finds(text, numbers=["PF-2026-00012"])


def test_a_document_is_not_found_by_the_middle_of_its_counter():
	assert not finds("0012", numbers=["PF-2026-10012"])


def test_of_a_long_text_a_bounded_part_is_read():
	question = read_question("palabra " * 100_000)
	assert question == Question(("palabra",))
	assert max(len(term) for _inside, term in make_terms(make_tokens(texts=["x" * 10_000]))) == 32


def test_groups_of_digits_are_one_number():
	assert read_question("12 34").words == ()
	assert "1234" in read_question("12 34").numbers


def test_the_site_need_not_have_a_country(monkeypatch):
	monkeypatch.setattr(frappe, "get_system_settings", lambda key: None)
	assert read_question("0991234567").numbers[0] == "0991234567"
