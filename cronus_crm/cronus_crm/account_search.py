"""By what the records of the CRM are found; see `visibility/search_index.py`."""

from cronus_crm.visibility.search_index import SearchSource

CUSTOMER = SearchSource(
	title="customer_name",
	texts=("customer_name",),
	telephones=("phone",),
	tax_ids=("tax_id",),
	emails=("email",),
	numbers=("name", "code"),
	left_out_by="merged_into",
	state="disabled",
	details=("tax_id", "phone", "city"),
)
BRANCH = SearchSource(
	title="branch_name",
	texts=("branch_name",),
	telephones=("phone",),
	emails=("email",),
	numbers=("name", "code"),
	state="disabled",
	details=("customer_name", "phone", "city"),
)
PROSPECT = SearchSource(
	title="prospect_name",
	texts=("prospect_name", "company_name"),
	telephones=("phone",),
	tax_ids=("tax_id",),
	emails=("email",),
	state="state",
	details=("company_name", "phone", "email"),
)
CONTACT = SearchSource(
	title="full_name",
	texts=("first_name", "middle_name", "last_name"),
	telephones=("phone", "mobile_no"),
	emails=("email_id",),
	numbers=(),
	rows=(("Contact Phone", "phone", "telephones"), ("Contact Email", "email_id", "emails")),
	details=("company_name", "mobile_no", "phone", "email_id"),
)
OPPORTUNITY = SearchSource(
	title="title",
	texts=("title",),
	state="state",
	details=("customer_name", "prospect_name"),
	amounts=("value", "currency"),
)

# In the order in which they are shown.
SOURCES = {
	"Cronus Customer": CUSTOMER,
	"Cronus Prospect": PROSPECT,
	"Contact": CONTACT,
	"Cronus Customer Branch": BRANCH,
	"Cronus Opportunity": OPPORTUNITY,
}
