"""Who works on a case: its agent and its team.

The agent is a field of the case. For the framework it is an assignment too, so that it stands in the sidebar
of the form, in the to-do list of the agent and in the bell.
"""

from contextlib import nullcontext

import frappe
from frappe import _
from frappe.desk.form import assign_to
from frappe.model.document import Document

from cronus_crm.base.framework_state import act_as_user
from cronus_crm.base.present_records import get_present_doc, get_present_value
from cronus_crm.base.texts import as_html
from cronus_crm.cronus_service.cases.case_states import CASE, OVER
from cronus_crm.visibility import rule
from cronus_crm.visibility.ownership import AGENT_ROLE, LEAD_ROLE

TEAM, MEMBER = "Cronus Service Team", "Cronus Service Team Member"
SETTINGS = "Cronus Service Settings"

_ROLES = (AGENT_ROLE, LEAD_ROLE, "Cronus Administrator")


def list_agents(team: str | None = None) -> list[dict]:
	"""The users who can work on cases, by name: [{"user", "name"}]. team: only its members."""
	users = frappe.get_all(
		"Has Role", {"role": ("in", _ROLES[:2]), "parenttype": "User"}, pluck="parent", order_by="parent asc"
	)
	filters = {"name": ("in", users or [""]), "enabled": 1, "user_type": "System User"}
	if team:
		members = frappe.get_all(MEMBER, {"parent": team}, pluck="user", order_by="idx asc")
		filters["name"] = ("in", [user for user in members if user in users] or [""])
	rows = frappe.get_all("User", filters, ["name as user", "full_name as name"], order_by="full_name asc")
	return [dict(row) for row in rows]


def check_agent(user: str) -> None:
	"""Raises frappe.ValidationError for a user who cannot work on cases."""
	enabled = get_present_value("User", user, "enabled")
	if enabled and (user == "Administrator" or not set(_ROLES).isdisjoint(frappe.get_roles(user))):
		return
	frappe.throw(
		_("{0} cannot work on cases. Choose a user with the role {1}, or give them that role.").format(
			frappe.bold(as_html(user)), frappe.bold(_(AGENT_ROLE))
		),
		title=_("Agent"),
	)


def find_team(user: str) -> str | None:
	"""The team of a new case that names none: the first one of its author, else that of the settings."""
	member, team = frappe.qb.DocType(MEMBER), frappe.qb.DocType(TEAM)
	own = (
		frappe.qb.from_(member)
		.join(team)
		.on(team.name == member.parent)
		.select(team.name)
		.where((member.user == user) & (team.disabled == 0))
		.orderby(team.name)
		.limit(1)
		.run(pluck=True)
	)
	return own[0] if own else get_present_doc(SETTINGS).default_team or None


def pass_case(case: str, team: str | None = None, agent: str | None = None) -> None:
	"""Gives a case to another team, to another agent, or to both. Whoever may write the case may give it
	away, also to where they do not see it any more.

	Raises frappe.PermissionError without the right to write the case, frappe.ValidationError for neither, for
	a team that is no longer in use, and for a user who cannot work on cases.
	"""
	if not team and not agent:
		frappe.throw(_("Choose the team or the agent who gets the case."))
	doc = frappe.get_doc(CASE, case, for_update=True)
	doc.check_permission("write")
	if team and get_present_value(TEAM, team, "disabled") != 0:
		frappe.throw(
			_("The team {0} is not in use: choose another.").format(frappe.bold(as_html(team))),
			title=_("Team"),
		)
	if team and team != doc.team:
		doc.team, doc.agent = team, None
	doc.agent = agent or doc.agent
	# The stored case was asked for; the one that is given away need not be seen by the user.
	doc.save(ignore_permissions=True)


def follow_agent(case: Document) -> None:
	"""For `on_update` of a case: the agent is assigned by the framework, and the former one no longer. One of
	a case that is over is not assigned anew."""
	before = case.get_doc_before_save()
	former = before.agent if before else None
	# As the framework's own rules of assignment: an import assigns nothing, and tells nobody.
	if former == case.agent or frappe.flags.in_import:
		return
	author = frappe.session.user
	# Whoever has given the case to another team may not see it by now, and the rule lets nobody assign what
	# they do not see.
	gone = not rule.can_see(CASE, case.name)
	with act_as_user("Administrator") if gone else nullcontext():
		if former:
			_remove(case, former)
		if case.agent and case.category not in OVER:
			_add(case, author)


def _remove(case: Document, user: str) -> None:
	open_ones = {"reference_type": CASE, "reference_name": case.name, "allocated_to": user, "status": "Open"}
	if frappe.db.exists("ToDo", open_ones):
		# Whoever saves the case was asked for it.
		assign_to.remove(CASE, case.name, user, ignore_permissions=True)


def _add(case: Document, author: str) -> None:
	open_ones = {
		"reference_type": CASE,
		"reference_name": case.name,
		"allocated_to": case.agent,
		"status": "Open",
	}
	if not frappe.db.exists("ToDo", open_ones):
		assign_to.add(
			{
				"doctype": CASE,
				"name": case.name,
				"assign_to": frappe.as_json([case.agent]),
				"description": str(as_html(case.subject)),
				"assigned_by": author,
			},
			ignore_permissions=True,  # as in `_remove`
		)
