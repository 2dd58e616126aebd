"""Step 3 of the guide: sellers and their users, one row each."""

from dataclasses import asdict, dataclass

import frappe
from frappe import _
from frappe.utils import strip_html

from cronus_crm.base.arguments import read_list
from cronus_crm.base.framework_state import count_messages, drop_messages
from cronus_crm.first_day import crm_users, guide

SELLER = "Cronus Seller"
MOST_ROWS = 100

# What a row may fail of: it is told, and the others go on. A deadlock is none of these: it ends the request.
_FAILURES = (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError)


@dataclass
class Outcome:
	"""What became of a row: `created`, `changed`, `unchanged`, `error` or `empty`.

	password: of a new user to whom no mail was sent; it is told this once. message: what is wrong.
	"""

	outcome: str
	user: str | None = None
	seller: str | None = None
	password: str | None = None
	mailed: bool = False
	message: str | None = None


@dataclass(frozen=True)
class _Row:
	name: str
	email: str
	role: str
	reports_to: str


def list_people() -> list[dict]:
	"""The sellers and other users of the CRM, as rows of the table."""
	rows = [
		{
			"name": seller.name,
			"email": seller.user,
			"reports_to": seller.parent_cronus_seller,
			"role": _find_role(seller.user) or "Seller",
		}
		for seller in frappe.get_all(
			SELLER,
			filters={"user": ("is", "set"), "enabled": 1},
			fields=["name", "user", "parent_cronus_seller"],
			order_by="lft asc",
			limit=MOST_ROWS,
		)
	]
	return rows


def save_people(rows: list | str) -> list[dict]:
	"""Makes the users and sellers of rows, or changes them; a row that is there already stays as it is.

	rows: of `name`, `email`, `role` (one of `crm_users.ROLES`) and `reports_to` (the name of a seller, also
	of another row). At most 100.

	Gives back an :class:`Outcome` for each row, in their order. A row that fails says why, and the others are
	saved.

	Raises frappe.PermissionError without the role, frappe.ValidationError for what is no table.
	"""
	guide.require_guide_role()
	if frappe.request and frappe.get_request_header("Idempotency-Key"):
		# Its answer would be kept, with the passwords.
		frappe.throw(_("Send this request without Idempotency-Key: to repeat it makes nobody twice."))
	rows = read_list(rows, "rows")
	if len(rows) > MOST_ROWS:
		frappe.throw(_("At most {0} rows at once.").format(MOST_ROWS))
	if not all(isinstance(row, dict) for row in rows):
		frappe.throw(_("{0} has to be {1}, as JSON.").format(frappe.bold("rows"), _("a list of rows")))
	outcomes: dict[int, Outcome] = {}
	read = _read_rows(rows, outcomes)
	for number in _sort_by_superior(read):
		outcomes[number] = _attempt(number, lambda row=read[number]: _save_row(row))
	return [asdict(outcomes[number]) for number in range(len(rows))]


def _read_rows(rows: list[dict], outcomes: dict[int, Outcome]) -> dict[int, _Row]:
	"""The rows that can be saved, by number; the others get their outcome."""
	read, seen = {}, {}
	for number, row in enumerate(rows):
		if not any(str(row.get(key) or "").strip() for key in ("name", "email")):
			outcomes[number] = Outcome("empty")
			continue
		outcome = _attempt(number, lambda row=row: _read_row(row))
		if isinstance(outcome, Outcome):
			outcomes[number] = outcome
		elif outcome.email in seen:
			message = _("{0} has the same address in another row. Each user has one row.").format(
				seen[outcome.email]
			)
			outcomes[number] = Outcome("error", message=message)
		else:
			seen[outcome.email] = outcome.name
			read[number] = outcome
	return read


def _read_row(row: dict) -> _Row:
	role = str(row.get("role") or "Seller")
	if role not in crm_users.ROLES:
		frappe.throw(_("There is no such role here. Choose one of the list."))
	return _Row(
		guide.clean_text(row.get("name"), _("Name"), required=True),
		crm_users.read_email(row.get("email")),
		role,
		guide.clean_text(row.get("reports_to"), _("Reports to")),
	)


def _sort_by_superior(rows: dict[int, _Row]) -> list[int]:
	"""Numbers of the rows, superiors before those who report to them."""
	waiting, ordered = dict(rows), []
	while waiting:
		names = {row.name.casefold() for row in waiting.values()}
		free = [number for number, row in waiting.items() if row.reports_to.casefold() not in names]
		# Those of a circle are told so by the seller itself.
		for number in free or list(waiting):
			ordered.append(number)
			del waiting[number]
	return ordered


def _attempt(number: int, work):
	"""What `work` gives back; an Outcome with the message where it fails, of which nothing is left."""
	point, told = f"person_{number}", count_messages()
	frappe.db.savepoint(point)
	try:
		return work()
	except _FAILURES as error:
		frappe.db.rollback(save_point=point)
		return Outcome("error", message=strip_html(str(error)) or _("This row cannot be saved."))
	finally:
		# What is to be said stands at the row, not in a dialog over the table. The framework also tells there
		# that it has chosen another user name.
		drop_messages(told)


def _save_row(row: _Row) -> Outcome:
	user = crm_users.find_user(row.email)
	if user:
		crm_users.check_user(user)
	seller = _check_seller(row, user) if row.role in crm_users.SELLING else None
	roles = crm_users.ROLES[row.role]
	password, changed = None, False
	if user:
		changed = crm_users.add_roles(user, roles)
	else:
		made, password = crm_users.make_user(row.email, row.name, roles)
	outcome = "changed" if changed else "unchanged" if user else "created"
	mailed = not user and not password
	user = user or made.name
	if row.role in crm_users.SELLING:
		seller, seller_changed = _save_seller(row, user, seller)
		outcome = "changed" if outcome == "unchanged" and seller_changed else outcome
	return Outcome(outcome, user, seller, password, mailed)


def _check_seller(row: _Row, user: str | None) -> str | None:
	"""The seller of a user, where there is one.

	Raises frappe.ValidationError for a name that another seller has, and for a superior who does not exist.
	"""
	if row.reports_to and not frappe.db.exists(SELLER, row.reports_to):
		frappe.throw(
			_("There is no seller {0} to report to. Choose one of the table.").format(
				frappe.bold(frappe.utils.escape_html(row.reports_to))
			)
		)
	seller = user and frappe.db.get_value(SELLER, {"user": user})
	other = frappe.db.get_value(SELLER, row.name, ["name", "user"], as_dict=True)
	if other and other.name != seller:
		message = _("{0} is a seller already, with the user {1}. Write another name.")
		frappe.throw(message.format(frappe.bold(other.name), other.user or "–"))
	return seller


def _save_seller(row: _Row, user: str, seller: str | None) -> tuple[str, bool]:
	"""The seller of a row, and whether it is new or was changed."""
	doc = frappe.get_doc(SELLER, seller) if seller else frappe.new_doc(SELLER)
	superior = row.reports_to or None
	if seller and (doc.parent_cronus_seller or None) == superior:
		return seller, False
	doc.parent_cronus_seller = superior
	if not seller:
		doc.update({"seller_name": row.name, "user": user, "enabled": 1})
		return doc.insert().name, True
	return doc.save().name, True


def _find_role(user: str) -> str | None:
	"""What the table says of a user: of several, what may do most."""
	roles = set(frappe.get_roles(user))
	fitting = [name for name, needed in crm_users.ROLES.items() if roles.issuperset(needed)]
	return next((name for name in ("Sales manager", "Seller") if name in fitting), None)
