"""By what documents and products are found; see `visibility/search_index.py`."""

from cronus_crm.visibility.search_index import SearchSource

PRODUCT = SearchSource(
	title="product_name",
	texts=("product_name",),
	numbers=("product_code",),
	state="disabled",
	details=("product_code", "family"),
)
DOCUMENT = SearchSource(
	state="state", details=("customer_name", "posting_date"), amounts=("grand_total", "currency")
)
INVOICE = SearchSource(
	state="state", details=("customer_name", "posting_date"), amounts=("balance", "currency")
)
PAYMENT = SearchSource(
	state="state", details=("customer_name", "posting_date"), amounts=("amount", "currency")
)

# In the order in which they are shown.
SOURCES = {
	"Proforma": DOCUMENT,
	"Cronus Order": DOCUMENT,
	"Invoice": INVOICE,
	"Cronus Delivery Note": DOCUMENT,
	"Cronus Sales Note": DOCUMENT,
	"Cronus Payment": PAYMENT,
	"Cronus Product": PRODUCT,
}
