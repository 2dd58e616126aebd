"""By what documents of an ERP are found; see `visibility/search_index.py`."""

from cronus_crm.visibility.search_index import SearchSource

SOURCES = {
	"Cronus External Document": SearchSource(
		title="number",
		numbers=("number", "external_id"),
		state="state",
		details=("kind", "customer_name", "posting_date", "source"),
		amounts=("grand_total", "currency"),
	)
}
