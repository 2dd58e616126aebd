import frappe
import pytest

from tests.scaffold import SELLER, make_seller, make_user, unique


def mention(user: str) -> str:
	return f'<span class="mention" data-id="{user}" data-value="x" data-denotation-char="@">@x</span>'


def told_of(name: str) -> list[str]:
	return sorted(
		frappe.get_all("Notification Log", {"document_name": name, "type": "Mention"}, pluck="for_user")
	)


@pytest.fixture
def team(site):
	manager, stranger = make_seller(), make_user(SELLER)
	for user in (manager.user, stranger):
		frappe.db.set_value("User", user, "allowed_in_mentions", 1)
	return frappe._dict(manager=manager.user, seller=make_seller(manager.name), stranger=stranger)


@pytest.fixture
def activity(team):
	frappe.set_user(team.seller.user)
	return frappe.get_doc(
		{
			"doctype": "Cronus Activity",
			"subject": unique("Activity"),
			"activity_type": "Call",
			"starts_on": "2026-11-30 10:00:00",
		}
	).insert()


def test_who_is_mentioned_in_the_notes_is_told_once(team, activity):
	activity.notes = f"<p>{mention(team.manager)} mire esto</p>"
	activity.save()
	assert told_of(activity.name) == [team.manager]
	activity.notes += "<p>Y esto</p>"
	activity.save()
	assert told_of(activity.name) == [team.manager]


def test_who_may_not_see_the_activity_is_not_told(team, activity):
	group = frappe.get_doc({"doctype": "User Group", "__newname": unique("Grupo")})
	for user in (team.stranger, team.manager):
		group.append("user_group_members", {"user": user})
	group.insert(ignore_permissions=True)
	everybody = f'<span class="mention" data-id="{group.name}" data-is-group="true">@{group.name}</span>'
	activity.notes = f"<p>{mention(team.stranger)}</p>"
	activity.save()
	assert told_of(activity.name) == []
	assert "may not see this record" in frappe.as_json(frappe.get_message_log())
	activity.add_comment("Comment", f"<p>{mention(team.stranger)} {everybody}</p>")
	assert told_of(activity.name) == [team.manager]
