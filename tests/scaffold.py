"""Makes the users, customers, products and documents that tests need."""

from itertools import count

import frappe

FRAPPE_VERSION = int(frappe.__version__.split(".")[0])

_numbers = count(1)

SELLER, MANAGER, VIEWER, BILLING, ADMINISTRATOR, AGENT, LEAD = (
	"Cronus Seller",
	"Cronus Sales Manager",
	"Cronus Dashboard Viewer",
	"Cronus Billing User",
	"Cronus Administrator",
	"Cronus Service Agent",
	"Cronus Service Lead",
)


def unique(prefix: str) -> str:
	"""A name that nothing else on the site has."""
	return f"{prefix} {next(_numbers)}-{frappe.generate_hash(length=6)}"


def mark_set_up(done: bool = True) -> None:
	"""Marks the setup wizard of the site as completed, or as open.

	The framework stores this for each installed app, and caches it.
	"""
	if not frappe.db.exists("Installed Application", {"app_name": "frappe"}):
		# The framework takes a list without rows for completed.
		frappe.get_single("Installed Applications").update_versions()
	apps = {"app_name": ("in", frappe.get_installed_apps())}
	frappe.db.set_value("Installed Application", apps, "is_setup_complete", int(done))
	frappe.db.set_single_value("System Settings", "setup_complete", int(done))
	frappe.clear_document_cache("System Settings", "System Settings")
	frappe.local.request_cache.clear()


def make_user(*roles: str, language: str = "en", password: str | None = None) -> str:
	"""Inserts a desk user with these roles; gives back its name, which is its e-mail."""
	email = f"u{next(_numbers)}-{frappe.generate_hash(length=6)}@example.com"
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": email.split("@")[0],
			"full_name": email.split("@")[0],
			"user_type": "System User",
			"enabled": 1,
			"language": language,
			"send_welcome_email": 0,
			"roles": [{"role": role} for role in roles],
		}
	)
	if password:
		# The framework limits new users to 60 an hour; tests make more.
		frappe.conf.throttle_user_limit = 100_000
		user.new_password = password
		user.flags.ignore_password_policy = True
		return user.insert(ignore_permissions=True).name
	# Only the rows: the controller takes half a second, and clears the cache of the site.
	user.name = email
	user.db_insert()
	for idx, row in enumerate(user.roles, start=1):
		row.update({"parent": email, "parenttype": "User", "parentfield": "roles", "idx": idx})
		row.db_insert()
	return email


def make_seller(parent: str | None = None, roles: tuple[str, ...] = (SELLER,), **fields):
	"""A new seller with a user of its own, below another one."""
	seller = frappe.get_doc(
		{
			"doctype": "Cronus Seller",
			"seller_name": unique("Seller"),
			"user": fields.pop("user", None) or make_user(*roles),
			"parent_cronus_seller": parent,
			"enabled": 1,
			**fields,
		}
	).insert(ignore_permissions=True)
	return seller


def make_customer(seller: str | None = None, **fields):
	return frappe.get_doc(
		{"doctype": "Cronus Customer", "customer_name": unique("Customer"), "seller": seller, **fields}
	).insert(ignore_permissions=True)


def ensure_product(code: str = "TEST-1", price: float = 100, **fields) -> str:
	if not frappe.db.exists("Cronus Product", code):
		frappe.get_doc(
			{
				"doctype": "Cronus Product",
				"product_code": code,
				"product_name": code,
				"price": price,
				**({} if "tax" in fields else {"tax_rate": 0}),
				**fields,
			}
		).insert(ignore_permissions=True)
	return code


def make_opportunity(seller: str, customer: str | None = None, **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Opportunity",
			"title": unique("Deal"),
			"customer": customer or make_customer(seller).name,
			"seller": seller,
			"stage": "Initial contact",
			**fields,
		}
	).insert(ignore_permissions=True)


def make_case(customer: str | None = None, **fields):
	"""A case of a customer; without one, of a customer without seller. "" for none."""
	return frappe.get_doc(
		{
			"doctype": "Cronus Case",
			"subject": unique("Case"),
			"customer": make_customer().name if customer is None else customer,
			**fields,
		}
	).insert(ignore_permissions=True)


def make_agent_of_team() -> tuple[str, str]:
	"""A service agent, who sees only the cases of their team, and this team. It limits all agents."""
	agent = make_user(AGENT)
	team = {"doctype": "Cronus Service Team", "team_name": unique("Team"), "members": [{"user": agent}]}
	name = frappe.get_doc(team).insert(ignore_permissions=True).name
	frappe.get_doc("Cronus Service Settings").update({"agents_see_their_team": 1}).save(
		ignore_permissions=True
	)
	frappe.db.value_cache.clear()
	return agent, name


def new_proforma(seller: str, customer: str | None = None, quantity: float = 2, lines: int = 1, **fields):
	"""A proforma that is not saved: lines of `quantity` units at 100 each."""
	return frappe.get_doc(
		{
			"doctype": "Proforma",
			"customer": customer or make_customer(seller).name,
			"seller": seller,
			"items": [
				{"product": ensure_product(), "quantity": quantity, "price": 100} for _line in range(lines)
			],
			**fields,
		}
	)


def issue_proforma(seller: str, **fields):
	proforma = new_proforma(seller, **fields).insert(ignore_permissions=True)
	proforma.flags.ignore_permissions = True
	proforma.submit()
	return proforma


def invoice_of(*proformas, quantity: float | None = None, issue: bool = True, **fields):
	"""Makes an invoice of the quantities of proformas that are not invoiced, or of `quantity` of each
	line."""
	from cronus_crm.cronus_billing.documents.document_chain import convert_documents

	(name,) = convert_documents("Proforma", [proforma.name for proforma in proformas], "Invoice")
	invoice = frappe.get_doc("Invoice", name)
	invoice.update(fields)
	if quantity is not None:
		for row in invoice.items:
			row.quantity = quantity
	invoice.save()
	if issue:
		invoice.submit()
	return invoice


def pay(invoice, amount: float | None = None, issue: bool = True, **fields):
	"""Makes a payment of an invoice, by default of its balance; pays back a credit note.

	Reloads the invoice when the payment is issued.
	"""
	from cronus_crm.cronus_billing.money.payment_allocation import make_payment

	payment = frappe.get_doc("Cronus Payment", make_payment(invoice.name))
	payment.update(fields)
	if amount is not None:
		payment.allocations[0].amount = payment.amount = amount
	payment.save()
	if issue:
		payment.submit()
		invoice.reload()
	return payment


def make_advance(customer: str, amount: float = 100, **fields):
	"""An issued payment that is not allocated to anything yet."""
	payment = frappe.get_doc(
		{"doctype": "Cronus Payment", "customer": customer, "amount": amount, "kind": "Received", **fields}
	).insert(ignore_permissions=True)
	payment.submit()
	return payment


def credit_note_of(invoice, quantity: float | None = None, issue: bool = True):
	"""Makes a credit note of the quantities of an invoice that were not returned, or of `quantity` of each
	line."""
	from cronus_crm.cronus_billing.money.credit_notes import make_credit_note

	note = frappe.get_doc("Invoice", make_credit_note(invoice.name))
	if quantity is not None:
		for row in note.items:
			row.quantity = quantity
		note.save()
	if issue:
		note.submit()
		invoice.reload()
	return note


def make_terms(*parts: tuple[float, int]) -> str:
	"""Inserts payment terms of (percentage, days); gives back their name."""
	terms = [{"percentage": percentage, "days": days} for percentage, days in parts]
	return (
		frappe.get_doc({"doctype": "Cronus Payment Terms", "title": unique("Terms"), "terms": terms})
		.insert(ignore_permissions=True)
		.name
	)


def activity_of(document) -> "frappe._dict | None":
	"""The one activity of a document; the caller's test fails when there are several."""
	found = frappe.get_all(
		"Cronus Activity",
		filters={"reference_doctype": document.doctype, "reference_name": document.name},
		fields=["*"],
	)
	assert len(found) <= 1, f"{document.name} has {len(found)} activities"
	return found[0] if found else None


def entry_of(document) -> "frappe._dict | None":
	return frappe.db.get_value(
		"Cronus Sales Entry",
		{"source_doctype": document.doctype, "source_name": document.name},
		"*",
		as_dict=True,
	)
