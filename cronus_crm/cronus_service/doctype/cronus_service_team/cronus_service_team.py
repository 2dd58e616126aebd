import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_service.cases import assignment
from cronus_crm.visibility import rule


class CronusServiceTeam(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_service.doctype.cronus_service_team_member.cronus_service_team_member import (
			CronusServiceTeamMember,
		)

		disabled: DF.Check
		lead: DF.Link | None
		members: DF.Table[CronusServiceTeamMember]
		team_name: DF.Data

	# end: auto-generated types

	def validate(self):
		seen = {}
		for row in self.members:
			first = seen.setdefault(row.user, row.idx)
			if first != row.idx:
				frappe.throw(
					_("Agents, rows {0} and {1}: {2} is there twice.").format(
						first, row.idx, frappe.bold(row.user)
					)
				)
			assignment.check_agent(row.user)

	def on_update(self):
		rule.clear_team_cache()

	def after_rename(self, old: str, new: str, merge: bool = False):
		rule.clear_team_cache()

	def after_delete(self):
		rule.clear_team_cache()
