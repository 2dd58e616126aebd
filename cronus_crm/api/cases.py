"""Cases: their conversation, who works on them, merging and splitting, and what becomes of them."""

import frappe
from frappe.utils import cint, sbool

from cronus_crm.base.arguments import read_names
from cronus_crm.cronus_service.cases import (
	assignment,
	case_board,
	case_doubles,
	case_merging,
	case_outcomes,
	conversation,
	open_cases,
	saved_replies,
)


@frappe.whitelist(methods=["POST"])
def answer(
	case: str,
	content: str,
	cc: str | None = None,
	attachments: list | str | None = None,
	state: str | None = None,
	send: bool | int | str | None = None,
) -> dict[str, str]:
	"""Answers a case: the text is kept as a message to whom the case is for, and goes out by e-mail when the
	channel of the case is E-mail, Web form or Portal.

	case: name of the Cronus Case. content: HTML or plain text. cc: addresses that get a copy, with commas;
	without it, those of the case. attachments: names of Files of the case (a list, or its JSON). state: the
	Cronus Case State that the case has afterwards; without it, that in which it waits for them. send: 1 or 0,
	whether it goes out by e-mail, whatever the channel. When it cannot be sent, a message says so and the
	answer is kept.

	Gives back {"message": name of the Communication}.

	Raises frappe.PermissionError without the right to write the case, frappe.ValidationError for an empty
	text, a case that was merged, a file of another document, and a state that is not in use.
	"""
	files = read_names(attachments, "attachments") if attachments else []
	return {
		"message": conversation.answer_case(
			case,
			content,
			cc=cc,
			attachments=files,
			state=state,
			send=None if send in (None, "") else sbool(send) is True or cint(send) > 0,
		)
	}


@frappe.whitelist(methods=["POST"])
def record_message(
	case: str, content: str, channel: str | None = None, sender: str | None = None
) -> dict[str, str]:
	"""Keeps what they have said about a case, by telephone or otherwise. It reopens a case that was solved or
	closed, within the days of the settings.

	channel: E-mail, Telephone, Web form, Portal, WhatsApp or By hand; without it, that of the case. sender:
	their address; without it, that of the case.

	Gives back {"message": name of the Communication}. Raises what :func:`answer` raises.
	"""
	return {"message": conversation.record_message(case, content, channel=channel, sender=sender)}


@frappe.whitelist(methods=["POST"])
def add_note(case: str, content: str) -> dict[str, str]:
	"""Adds an internal note to a case, which nobody outside reads. Whoever sees the case may.

	Gives back {"note": name of the Comment}. Raises frappe.PermissionError for a case that the user may not
	see, frappe.ValidationError for an empty note.
	"""
	return {"note": conversation.add_note(case, content)}


@frappe.whitelist()
@frappe.read_only()
def list_conversation(case: str) -> list[dict]:
	"""What was said about a case, the oldest first: `kind` ("answer" of ours, "message" of theirs,
	"automatic" for what no person has written, our "acknowledgement", or internal "note"), `name`, `on`
	(system's time zone), `by`, `content` (HTML, without what was quoted), `quoted` (HTML, or ""), and
	`delivery` of an answer by e-mail (Sending, Sent, Error …, or "").

	Raises frappe.PermissionError for a case that the user may not see.
	"""
	return conversation.list_conversation(case)


@frappe.whitelist()
@frappe.read_only()
def list_replies(case: str) -> list[dict]:
	"""The saved replies that fit a case, those of its type first: `name` and `case_type`.

	Raises frappe.PermissionError for a user who may not see the case, or saved replies.
	"""
	return saved_replies.list_replies(case)


@frappe.whitelist()
@frappe.read_only()
def write_reply(reply: str, case: str) -> saved_replies.Reply:
	"""A saved reply with the fields of a case filled in, in the language of whom the case is for.

	reply: name of the Cronus Saved Reply. Gives back `text`, `html` and `language`.

	Raises frappe.PermissionError for a case or a reply that the user may not see, frappe.ValidationError for
	a text that cannot be filled in.
	"""
	return saved_replies.write_reply(reply, case)


@frappe.whitelist()
@frappe.read_only()
def list_agents(team: str | None = None) -> list[dict]:
	"""The users who can work on cases: `user` and `name`. team: only those of a team.

	Raises frappe.PermissionError without the right to read cases.
	"""
	frappe.has_permission("Cronus Case", "read", throw=True)
	return assignment.list_agents(team)


@frappe.whitelist(methods=["POST"])
def pass_on(case: str, team: str | None = None, agent: str | None = None) -> None:
	"""Gives a case to another team, to another agent, or to both.

	team: name of a Cronus Service Team. agent: name of a User who can work on cases.

	Raises frappe.PermissionError without the right to write the case, frappe.ValidationError for neither, for
	a team that is not in use, and for a user who cannot work on cases.
	"""
	assignment.pass_case(case, team=team, agent=agent)


@frappe.whitelist(methods=["POST"])
def move(case: str, from_state: str, to_state: str) -> None:
	"""Moves a case to another state, as by dragging its card on the board.

	from_state: the state in which the user saw it.

	Raises frappe.PermissionError without the right to write it, and frappe.ValidationError when it is no
	longer in from_state, or cannot be in to_state.
	"""
	case_board.move_case(case, from_state, to_state=to_state)


@frappe.whitelist()
@frappe.read_only()
def count_columns(filters: list | dict | str | None = None) -> dict[str, int]:
	"""How many cases in course are in each state, of those that the user may see.

	filters: as for `frappe.get_list` (a list or mapping, or its JSON); by default, all.

	Raises frappe.PermissionError without the right to read cases.
	"""
	return case_board.count_columns(filters)


@frappe.whitelist(methods=["POST"])
def merge(survivor: str, merged: list | str) -> None:
	"""Merges cases of one account into another one of it. What was said about them moves; the merged cases
	stay, closed, and lead to the one that stays.

	survivor: name of the Cronus Case that stays. merged: names of the others, at most 20 (a list, or its
	JSON).

	Raises frappe.PermissionError without the right to write all of them, frappe.ValidationError for cases of
	different accounts, and for one that was merged already.
	"""
	case_merging.merge_cases(survivor, read_names(merged, "merged"))


@frappe.whitelist(methods=["POST"])
def split(case: str, subject: str, messages: list | str | None = None) -> dict[str, str]:
	"""Makes a case of its own of a part of another one: of the same account, people and type.

	messages: names of Communications about the case that move to the new one (a list, or its JSON).

	Gives back {"case": name of the new one}. Raises frappe.PermissionError without the right to write the
	case, frappe.ValidationError without a subject and for messages of another case.
	"""
	names = read_names(messages, "messages") if messages else []
	return {"case": case_merging.split_case(case, subject, names)}


@frappe.whitelist(methods=["POST"])
def make_opportunity(case: str, title: str | None = None) -> dict[str, str]:
	"""Makes an opportunity of a case, for the seller of its account, who is told.

	title: by default, the subject of the case.

	Gives back {"opportunity": name}. Raises frappe.PermissionError for a user who may neither write the case
	nor make opportunities, frappe.ValidationError for a case without customer and prospect, and for one that
	has an opportunity.
	"""
	return {"opportunity": case_outcomes.make_opportunity(case, title)}


@frappe.whitelist()
@frappe.read_only()
def find_likely_doubles(
	subject: str,
	customer: str | None = None,
	prospect: str | None = None,
	email: str | None = None,
	exclude: str | None = None,
) -> list[dict]:
	"""The cases of an account, or of an address, that are probably about the same as a subject: `name`,
	`subject`, `state`, `category`, `opened_on` and `alike` (of 100), the likest first, at most five; of what
	the user may see.

	exclude: name of a case that is left out.
	"""
	return case_doubles.find_likely_doubles(
		subject, customer=customer, prospect=prospect, email=email, exclude=exclude
	)


@frappe.whitelist()
@frappe.read_only()
def count_open(customer: str | None = None, prospect: str | None = None) -> dict[str, int] | None:
	"""The open cases of an account that the user sees: `number`, `unanswered` (new, or waiting for us) and
	`missed` (a promised time has passed). None for a user who sees no cases.

	customer, prospect: name of the account; one of the two.

	Raises frappe.PermissionError for an account that the user may not see, frappe.DoesNotExistError for one
	that is not there.
	"""
	return open_cases.count_open(customer=customer, prospect=prospect)
