"""By what solutions are found in the search bar."""

from cronus_crm.visibility.search_index import SearchSource

SOURCES = {
	"Cronus Solution": SearchSource(
		title="question", texts=("question",), state="state", details=("category",)
	)
}
