import frappe
from frappe.model.document import Document

from cronus_crm.cronus_service.portal import rating_questions


class CronusServiceSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		acknowledge_mail: DF.Check
		acknowledgement: DF.Link | None
		agents_see_their_team: DF.Check
		ask_after_days: DF.Int
		ask_satisfaction: DF.Check
		close_after_days: DF.Int
		correct_within_days: DF.Int
		default_team: DF.Link | None
		max_acknowledgements: DF.Int
		portal_enabled: DF.Check
		portal_scope: DF.Literal["Own cases", "All cases of the account"]
		portal_shows_promises: DF.Check
		public_form_enabled: DF.Check
		reopen_within_days: DF.Int

	# end: auto-generated types

	def on_update(self):
		if not self.ask_satisfaction:
			rating_questions.drop_plans()
		# Where contacts begin, which the framework remembers for each user.
		frappe.cache.delete_value("home_page")
