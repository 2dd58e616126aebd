import frappe
from frappe.model.document import Document

from cronus_crm.base.present_records import get_present_doc


class CronusClassificationCriterion(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		allowed_values: DF.SmallText | None
		criterion: DF.Data
		disabled: DF.Check

	# end: auto-generated types
	def validate(self):
		self.criterion = (self.criterion or "").strip()
		self.allowed_values = "\n".join(self.list_values())

	def list_values(self) -> list[str]:
		"""The allowed values, without repetitions; empty if any value is allowed."""
		lines = (line.strip() for line in (self.allowed_values or "").splitlines())
		return list(dict.fromkeys(line for line in lines if line))


def list_allowed_values(criterion: str | None = None) -> list[str]:
	"""The allowed values of a criterion; empty if it allows any value or does not exist."""
	if not criterion or not frappe.db.exists("Cronus Classification Criterion", criterion, cache=True):
		return []
	return get_present_doc("Cronus Classification Criterion", criterion).list_values()
