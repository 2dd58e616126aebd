"""The Spanish of the product uses the words of docs/glossary.md, one for each thing, and none of those it
gave up."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cronus_crm.demo import word_lists

ROOT = Path(__file__).parents[1]

# Of an opportunity, a report, a line, to plan, a working day, settled, to allocate, the credit limit,
# overdue.
GIVEN_UP = (
	r"\btratos?\b",
	r"\bnegocios?\b",
	r"\binformes?\b",
	r"\breng(l[oó]n|lones)\b",
	r"\bplane(a|e|o|é|á|ó)\w*",
	r"\bplanifi\w+",
	r"\blaborables?\b",
	r"\bsaldad[oa]s?\b",
	r"\basignaci(ón|ones)\b",
	r"\blímites? de crédito\b",
	r"\bañad\w+",
	r"\bDías (vencidos|de vencid[oa])\b",
	r"\bGrano\b",
	r"\b([Ss]in|[Cc]on) impuesto\b",
)
# The framework's own name for it, which people see on its page.
OF_THE_FRAMEWORK = "Informe automático por correo electrónico"
DOCUMENTS = (
	"Cronus External Document",
	"Cronus Delivery Note",
	"Cronus Order",
	"Cronus Payment",
	"Cronus Sales Entry",
	"Cronus Sales Note",
	"Document",
	"Invoice",
	"Proforma",
)
# An infinitive that tells somebody what to do, after a sentence or clause or in front of a whole sentence;
# not nouns that end like one.
INFINITIVE = r"(?!cualquier|ámbar|titular)[a-záéíóúñ]*(?:ar|er|ir)(?:l[oae]s?|se)?"
ORDER = re.compile(rf"[.,:;] (?:o |y )?{INFINITIVE}\b|^{INFINITIVE} .*\.$", re.IGNORECASE)


@pytest.fixture(scope="module")
def messages():
	"""Spanish by (English, context)."""
	with (ROOT / "cronus_crm/locale/es.po").open("rb") as file:
		return {(message.id, message.context): message.string for message in read_po(file) if message.id}


def _rows(title: str) -> list[list[str]]:
	"""The rows of the table below a title of the glossary, as lists of cells."""
	section = (ROOT / "docs/glossary.md").read_text().split(f"## {title}\n")[1].split("\n## ")[0]
	lines = [line for line in section.splitlines() if line.startswith("|")]
	return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_a_term_is_translated_as_the_glossary_says(messages):
	terms = _rows("Terms")
	assert len(terms) >= 40
	assert [english for english, *_ in terms if (english, None) not in messages] == []
	expected = {english: spanish for english, spanish, *_ in terms}
	assert {english: messages[english, None] for english in expected} == expected


def test_a_word_agrees_with_what_it_is_of(messages):
	expected = {
		(english, of): spanish for english, of, spanish in _rows("Words that agree with what they are of")
	}
	assert {key: messages.get(key) for key in expected} == expected


def test_messages_use_no_word_that_was_given_up(messages):
	found = {spanish for spanish in messages.values() for word in GIVEN_UP if re.search(word, spanish, re.I)}
	assert found == set()


@pytest.mark.parametrize("page", sorted((ROOT / "docs/guide/es").glob("*.md")), ids=lambda page: page.stem)
def test_the_guide_uses_no_word_that_was_given_up(page):
	text = page.read_text().replace(OF_THE_FRAMEWORK, "")
	assert [found[0] for word in GIVEN_UP for found in re.finditer(word, text, re.I)] == []


def test_the_demo_uses_no_word_that_was_given_up():
	spanish = [
		texts["es"] for texts in vars(word_lists).values() if isinstance(texts, dict) and "es" in texts
	]
	assert spanish
	assert [found[0] for word in GIVEN_UP for found in re.finditer(word, str(spanish), re.I)] == []


def test_only_documents_are_anulados(messages):
	wrong = {
		(english, context)
		for (english, context), spanish in messages.items()
		if re.search(r"\banul(ad[oa]|ar)", spanish, re.I)
		and context not in DOCUMENTS
		and not re.search(r"document|cannot be cancelled|not printed|annul", english, re.I)
	}
	assert wrong == set()


def test_sentences_tell_the_reader_what_to_do_as_usted(messages):
	"""Labels and buttons are infinitives; what follows a full stop or a comma in a message is not."""
	assert {spanish for spanish in messages.values() if ORDER.search(spanish)} == set()
