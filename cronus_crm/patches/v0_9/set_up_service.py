"""Sets up the service module on a site that had none: its settings, its board, and the rights of its roles on
contacts and addresses. States and types of cases come with the fixtures, and columns with the states."""

import frappe

from cronus_crm import install
from cronus_crm.cronus_service.cases import case_board

SETTINGS = "Cronus Service Settings"


def execute() -> None:
	"""Keeps settings that were saved already."""
	install.grant_rights()
	if not frappe.db.get_singles_dict(SETTINGS):
		frappe.get_doc(SETTINGS).save()
	case_board.make_board()
