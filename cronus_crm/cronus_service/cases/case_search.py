"""By what cases are found in the search bar; see `visibility/search_index.py`."""

from cronus_crm.visibility.search_index import SearchSource

SOURCES = {
	"Cronus Case": SearchSource(
		title="subject",
		texts=("subject", "account_name", "contact_name"),
		telephones=("contact_phone",),
		emails=("contact_email",),
		left_out_by="merged_into",
		state="category",
		details=("account_name", "contact_name"),
	)
}
