"""What the desk asks of solutions."""

from cronus_crm.cronus_service.solutions import missing_answers, solution_search

_PROPOSED = 5


def propose(subject: str, description: str, product: str | None) -> list[dict]:
	"""The solutions that may answer a case while it is written; see `solution_search.find_visible`."""
	# The subject says more: its words are first, where there are too many.
	return solution_search.find_visible(subject, description, product=product or None, limit=_PROPOSED)


def search(text: str) -> list[dict]:
	"""The solutions that have all words of a text. One that finds nothing is noted for the report."""
	found = solution_search.find_visible(text, all_words=True, limit=solution_search.MOST)
	if not found:
		missing_answers.note(text, missing_answers.DESK)
	return found
