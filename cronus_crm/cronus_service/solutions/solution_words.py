"""Words by which solutions are found: without accents and capitals, and by their beginnings.

MariaDB's full text index holds the folded words of each solution in columns of their own. It ranks by how
rare a word is, which the index of the search bar (visibility/search_index.py) does not: that one finds names
by any part of them, and a case is a text of which only some words are in the answer.
"""

from collections.abc import Iterable

from cronus_crm.base.search_terms import split_words
from cronus_crm.base.texts import strip_tags

# The index takes words of three letters and more: shorter ones get these signs at their end.
_SHORTEST, _FILLER = 3, "_"

# Of what somebody writes: more words make no better question.
MOST_WORDS = 24

# What is in every text says nothing of it. Folded.
_EMPTY_WORDS = frozenset(
	"""a al algo ante asi aun aunque bien buen buena buenas buenos cada como con cual cuando cuanto de del
	desde dia dias donde dos e el ella ellas ellos en entre era eran eres es esa ese eso esos esta estaba
	estamos estan estar estas este esto estos estoy fue fueron ha habia hace hacer hacia han hasta hay haya he
	hemos hola la las le les lo los mas me mi mis mucho muy nada ni no nos nosotros nuestra nuestras nuestro
	nuestros o os otra otro para pero poder por porque puede pueden puedo pues que quien quiere quiero se sea
	ser si sido siempre sin sobre somos son soy su sus tal tambien tan tanto te tengo tiene tienen todo todos
	tras tu tus un una unas uno unos usted ustedes va vamos van ver vez y ya yo gracias favor saludos estimado
	estimada estimados ayuda necesito problema an and any are as at be been but by can cannot could did do
	does for from had has have hello hi how i if in into is it its me my no not of on or our please so some
	than thank thanks that the their them then there these they this to was we were what when where which who
	why will with would you your help need problem""".split()
)

# Ends of words of one family, the longest first: “instalación”, “instalar”, “instalo” begin with “instal”.
_ENDS = (
	"aciones",
	"amiento",
	"imiento",
	"iciones",
	"ations",
	"iones",
	"ions",
	"acion",
	"adora",
	"adores",
	"ation",
	"cion",
	"iendo",
	"mente",
	"ador",
	"ando",
	"ados",
	"adas",
	"idos",
	"idas",
	"ado",
	"ada",
	"ido",
	"ida",
	"ing",
	"ion",
	"ar",
	"er",
	"ir",
	"ed",
	"es",
	"as",
	"os",
	"s",
	"a",
	"e",
	"o",
)
_STEM = 4  # letters that have to remain


def make_index_text(*texts: str | None) -> str:
	"""The folded words of texts or HTML, for a column of the index."""
	return " ".join(_fill(word) for text in texts for word in _split(text))


def _split(text: str | None) -> list[str]:
	# Tags end words: a list without spaces between its items.
	return split_words(strip_tags((text or "").replace("<", " <")))


def _fill(word: str) -> str:
	return word.ljust(_SHORTEST, _FILLER)


def list_words(*texts: str | None) -> list[str]:
	"""The words of a question that say something, folded, each once; at most MOST_WORDS. When none does,
	all."""
	words = list(dict.fromkeys(word for text in texts for word in _split(text)))
	telling = [word for word in words if word not in _EMPTY_WORDS and len(word) > 1]
	return (telling or words)[:MOST_WORDS]


def write_query(words: Iterable[str], all_of_them: bool) -> str:
	"""The question for MATCH … AGAINST in boolean mode. Words consist of letters, digits and _, so that none
	of them is a sign of that language.

	all_of_them: a solution has to have each word; else one is enough, and the rarest count most.
	"""
	sign = "+" if all_of_them else ""
	return " ".join(f"{sign}{_begin(word)}" for word in words)


def _begin(word: str) -> str:
	if len(word) < _SHORTEST:
		return _fill(word)
	return f"{find_stem(word)}*"


def find_stem(word: str) -> str:
	"""The beginning that a word has in common with its family; the word itself when it is short or a
	number."""
	if any(sign.isdigit() for sign in word):
		return word
	for end in _ENDS:
		if word.endswith(end) and len(word) - len(end) >= _STEM:
			return word[: -len(end)]
	return word
