"""Likely doubles of new records among the stored ones: by tax id, telephone, e-mail, and similar name."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import frappe
from frappe import _
from frappe.query_builder import DocType
from rapidfuzz import fuzz, process

from cronus_crm.cronus_crm.prospects.duplicates import normalise_email, normalise_phone, normalise_tax_id
from cronus_crm.cronus_exchange.comparing.row_plans import NEW, SIMILAR, RowPlan
from cronus_crm.cronus_exchange.targets.target import Target
from cronus_crm.cronus_exchange.values.cell_texts import simplify
from cronus_crm.visibility import ownership, rule

# Names are alike from this on, of 100.
MIN_SCORE = 90

# Legal forms and small words, which tell no company from another.
_COMMON_WORDS = frozenset(
	"sa s a cia ltda ltd srl sac eirl sas cv de del la las los el y e and the inc llc corp co spa sl c v r l"
	" compania company sociedad anonima limitada grupo group".split()
)
# Of a name, so many of its rarest words are looked up, and of each so many names are compared.
_WORDS, _NAMES_PER_WORD = 2, 300


class SimilarNames:
	"""An index of names by their words, so that a name is compared with few others.

	names: (name of the record, its name for people).
	"""

	def __init__(self, names: Sequence[tuple[str, str]]):
		self.records = [tuple(name) for name in names]
		self.texts = [reduce_name(text) for _record, text in names]
		self.places: dict[str, list[int]] = defaultdict(list)
		for place, text in enumerate(self.texts):
			for word in _list_words(text):
				self.places[word].append(place)

	def find(self, name: str) -> list[tuple[str, str, int]]:
		"""Records with a similar name, their names for people, and how similar of 100, the most similar
		first."""
		text = reduce_name(name)
		words = sorted(
			(word for word in _list_words(text) if word in self.places),
			key=lambda word: len(self.places[word]),
		)
		places = {
			place
			for word in words[:_WORDS]
			if len(self.places[word]) <= _NAMES_PER_WORD
			for place in self.places[word]
			if list_numbers(self.texts[place]) == list_numbers(text)
		}
		found = process.extract(
			text,
			{place: self.texts[place] for place in places},
			scorer=fuzz.token_sort_ratio,
			score_cutoff=MIN_SCORE,
			limit=3,
		)
		return [(*self.records[place], round(score)) for _text, score, place in found]


def reduce_name(name: str) -> str:
	"""A name for comparisons, without legal form."""
	simple = simplify(name)
	words = [word for word in simple.split() if word not in _COMMON_WORDS]
	return " ".join(words) or simple


def list_numbers(text: str) -> list[str]:
	"""The words with digits. Names that differ in these are of different branches, however alike."""
	return sorted(word for word in text.split() if any(char.isdigit() for char in word))


def _list_words(text: str) -> list[str]:
	"""Words by which a name is found: its own, and its beginning, in which a letter may differ later."""
	words = [word for word in text.split() if len(word) > 2]
	compact = text.replace(" ", "")
	return [*dict.fromkeys(words), f"^{compact[:5]}"]


class SimilarRecords:
	"""Marks plans of new records that are probably there already. Names are read once for each import;
	telephones, mails and tax ids are asked for each chunk."""

	def __init__(self, target: Target, country: str | None):
		self.target, self.country = target, country
		self.doctype = target.root.doctype
		self.names = self._read_names() if target.similar else None

	def _read_names(self) -> SimilarNames:
		query, table = self._select_visible()
		title = table[self.target.similar["name"]]
		return SimilarNames(query.where(title != "").run())

	def _select_visible(self, *columns: str):
		"""A query of name and title, and of further columns, of the records that the user may see, and its
		table. Those that were merged into another one are left out."""
		table = DocType(self.doctype)
		query = frappe.qb.from_(table).select(
			table.name, table[self.target.similar["name"]], *(table[column] for column in columns)
		)
		if ownership.is_governed(self.doctype):
			query = rule.filter_visible(query, self.doctype, table)
		if frappe.get_meta(self.doctype).has_field("merged_into"):
			query = query.where(table.merged_into.isnull() | (table.merged_into == ""))
		return query, table

	def mark(self, plans: Sequence[RowPlan]) -> None:
		"""Sets the outcome of likely doubles."""
		if not self.names:
			return
		roots = {id(plan.root): plan.root for plan in plans if plan.outcome == NEW and plan.root.is_new}
		found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
		for fieldname, normalise in self._list_keys():
			self._find_by_key(fieldname, normalise, roots, found)
		for place, root in roots.items():
			if name := root.values.get(self.target.similar["name"]):
				for record, title, score in self.names.find(name):
					found[place][f"{record} {title}"].append(_("name {0} %").format(score))
		for plan in plans:
			records = found.get(id(plan.root)) if plan.root else None
			if plan.outcome == NEW and records:
				plan.refuse(_describe(records), SIMILAR)

	def _list_keys(self):
		for fieldname, normalise in (
			("tax_id", normalise_tax_id),
			("phone", lambda text: normalise_phone(text, self.country)),
			("email", normalise_email),
		):
			if fieldname in self.target.similar:
				yield fieldname, normalise

	def _find_by_key(self, fieldname: str, normalise, roots: dict, found: dict) -> None:
		places = defaultdict(list)
		for place, root in roots.items():
			if key := normalise(root.values.get(fieldname)):
				places[key].append(place)
		if not places:
			return
		column = self.target.similar[fieldname]
		label = frappe.get_meta(self.doctype).get_label(fieldname)
		query, table = self._select_visible(column)
		for record, title, key in query.where(table[column].isin(sorted(places))).run():
			for place in places.get(key, ()):
				found[place][f"{record} {title}"].append(_(label))


def _describe(records: dict[str, list[str]]) -> str:
	"""Which records are alike, and why."""
	return _("it is like {0}").format(
		"; ".join(f"{record} ({', '.join(Counter(why))})" for record, why in records.items())
	)
