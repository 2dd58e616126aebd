"""Mentions of users (@name) in texts for HTML, as the framework's editor writes them: `<span class="mention"
data-id="user">`, or with `data-is-group="true"` the name of a User Group."""

from collections.abc import Collection

import frappe
from bs4 import BeautifulSoup


def list_mentioned(content: str | None) -> list[str]:
	"""The users who are mentioned, also as members of a group, each once and in their order."""
	if not content or "mention" not in content:
		return []
	spans = BeautifulSoup(content, "html.parser").find_all(class_="mention")
	return list(dict.fromkeys(user for span in spans for user in _users_of(span)))


def keep_mentions(content: str, users: Collection[str]) -> str:
	"""The content with mentions of these users only; other names stay as plain text. In the place of a group
	stands its name, followed by its members among these users without text of their own."""
	soup = BeautifulSoup(content, "html.parser")
	for span in soup.find_all(class_="mention"):
		mentioned = [user for user in _users_of(span) if user in users]
		if mentioned == [span.get("data-id")]:
			continue
		span["class"] = [name for name in span.get("class", []) if name != "mention"]
		for user in mentioned:
			span.insert_after(soup.new_tag("span", attrs={"class": "mention", "data-id": user}))
	return str(soup)


def _users_of(span) -> list[str]:
	name = span.get("data-id")
	if not name:
		return []
	if span.get("data-is-group") != "true":
		return [name]
	return frappe.get_all("User Group Member", {"parent": name}, pluck="user", order_by="idx asc")
