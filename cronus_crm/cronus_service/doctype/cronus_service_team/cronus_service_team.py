from frappe.model.document import Document


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
