"""Tax ids in the cells of a file: what a spreadsheet has done to them, and whether they keep the rules."""

from frappe import _

from cronus_crm.cronus_crm.customers import tax_ids
from cronus_crm.cronus_exchange.values.cell_texts import restore_identifier
from cronus_crm.cronus_exchange.values.formats import WrongValue

# Numbers of this many digits that begin with a zero are the ones that lose it in spreadsheets.
_WITH_LEADING_ZERO = {"EC": (10, 13)}


def read_tax_id(text: str, country: str | None) -> tuple[str, str | None]:
	"""The tax id in a cleaned text, as its country prints it, and a note (translated) where it breaks the
	rules of the country. country: its ISO code (two letters, upper case).

	Raises WrongValue for one that a spreadsheet has shortened.
	"""
	written = restore_identifier(text)
	tax_id = tax_ids.read_tax_id(written, country)
	if not tax_id.problem:
		return tax_id.printed, None
	lengths = _WITH_LEADING_ZERO.get(country, ())
	complete = f"0{written}"
	if len(complete) in lengths and written.isdigit() and not tax_ids.read_tax_id(complete, country).problem:
		raise WrongValue(
			_(
				"{0} seems to have lost its leading zero: 0{0}. Format the column as text and correct it."
			).format(written)
		)
	return tax_id.printed, _("{0} is not a tax id of the chosen country: {1}").format(written, tax_id.problem)
