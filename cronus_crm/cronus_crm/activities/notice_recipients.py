"""Who is told about activities: sellers and those whom they report to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import frappe
from frappe.query_builder import DocType

from cronus_crm.base.notices import user_language
from cronus_crm.visibility.reassignment import MANAGER_ROLE


@dataclass(frozen=True)
class Person:
	"""A seller with its user.

	lft, rgt: position in the tree of sellers. active: seller and user are enabled. language: of the user.
	due_today_noticed_on: date of the last notice of what is due today.
	"""

	seller: str
	lft: int
	rgt: int
	user: str | None
	active: bool
	language: str
	due_today_noticed_on: date | None


class Team:
	"""All sellers, with their hierarchy. managers: users with the role of sales manager."""

	def __init__(self, people: Iterable[Person], managers: Iterable[str]):
		self.people = {person.seller: person for person in people}
		self.managers = frozenset(managers)

	@classmethod
	def load(cls) -> "Team":
		seller, user, role = DocType("Cronus Seller"), DocType("User"), DocType("Has Role")
		rows = (
			frappe.qb.from_(seller)
			.left_join(user)
			.on(user.name == seller.user)
			.select(
				seller.name,
				seller.lft,
				seller.rgt,
				seller.enabled,
				seller.due_today_told_on,
				seller.user,
				user.enabled.as_("user_enabled"),
			)
			.orderby(seller.lft)
			.run(as_dict=True)
		)
		managers = (
			frappe.qb.from_(role)
			.select(role.parent)
			.where((role.parenttype == "User") & (role.role == MANAGER_ROLE))
			.run(pluck=True)
		)
		return cls(map(_build_person, rows), managers)

	def list_active(self) -> list[Person]:
		return [person for person in self.people.values() if person.active]

	def find_recipient(self, seller: str | None) -> Person | None:
		"""The person behind a seller; None for one who is disabled or has no user."""
		person = self.people.get(seller)
		return person if person and person.active else None

	def find_superior(self, seller: str | None) -> Person | None:
		"""The nearest active superior who is a sales manager, else the nearest active one, else None."""
		person = self.people.get(seller)
		if not person:
			return None
		above = [other for other in self.list_active() if other.lft < person.lft and other.rgt > person.rgt]
		above.sort(key=lambda other: other.lft, reverse=True)
		managers = (other for other in above if other.user in self.managers)
		return next(managers, above[0] if above else None)


def _build_person(row) -> Person:
	return Person(
		seller=row.name,
		lft=row.lft,
		rgt=row.rgt,
		user=row.user,
		active=bool(row.enabled and row.user_enabled),
		language=user_language(row.user),
		due_today_noticed_on=row.due_today_told_on,
	)
