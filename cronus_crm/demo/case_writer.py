"""Writes the cases of the demo: who works on them, saved replies, and cases in all states with what was said.

They draw nothing at random, so that the rest of the story stays as it is.
"""

from datetime import datetime, time, timedelta

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_analytics.cases import case_recount
from cronus_crm.cronus_service.cases import case_states, conversation
from cronus_crm.cronus_service.portal import ratings
from cronus_crm.cronus_service.promises import case_promises
from cronus_crm.cronus_service.promises.promise_choice import PROMISE, find_promise
from cronus_crm.demo import case_texts, company_facts, demo_users
from cronus_crm.demo.customer_writer import CustomerWriter
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_types import Account

CASE = "Cronus Case"
AGENT, LEAD = "Cronus Service Agent", "Cronus Service Lead"

# How the cases stand on the last day, by turns: state, days since it was opened, priority.
_STANDINGS = (
	("New", 1, "Medium"),
	("Waiting for us", 2, "High"),
	("Waiting for the customer", 3, "Medium"),
	("Open", 4, "Urgent"),
	("Solved", 5, "Low"),
	("Closed", 20, "Medium"),
	("Closed", 45, "High"),
	("Waiting for us", 6, "Low"),
)
SATURDAY = 5
_CHANNELS = ("E-mail", "Telephone", "WhatsApp", "Web form")
# One case for so many customers.
_EVERY = 2
# How closed cases are rated, by turns; None for those who do not answer.
_RATINGS = (5, 4, None, 5, 2, None, 3, 5)
_ANSWERED = ("Waiting for the customer", "Solved", "Closed", "Waiting for us")


class CaseWriter:
	def __init__(self, writer: RecordWriter, customer_writer: CustomerWriter, password: str):
		self.writer = writer
		self.customer_writer = customer_writer
		self.password = password
		self.agents: list[str] = []
		self.teams: list[str] = []
		self.rated = 0

	def write(self) -> None:
		self.write_people()
		self.write_replies()
		self.write_promise()
		accounts = self.writer.story.accounts[::_EVERY]
		# The oldest first, so that folios rise with the days.
		places = sorted(range(len(accounts)), key=lambda place: -_STANDINGS[place % len(_STANDINGS)][1])
		for place in places:
			self.write_case(place, accounts[place])
		self.write_portal(accounts[0])
		# The moments were set past the events that update the totals.
		case_recount.repair()

	def write_portal(self, account: Account) -> None:
		"""A contact who signs in at the portal, by the first address of an account with cases."""
		person = account.people[0]
		contact = self.customer_writer.contact_name(account.name, person.name)
		stamps = ["modified", "modified_by"]
		before = frappe.db.get_value("Contact", contact, stamps, as_dict=True)
		user = demo_users.make_user(person.name, (), self.writer.language, self.password, person.email)
		self.writer.record_document(user)
		# The framework writes a new user into its contact.
		frappe.db.set_value("Contact", contact, dict(before), update_modified=False)
		settings = frappe.get_doc(ratings.SETTINGS)
		settings.update({"portal_enabled": 1, "public_form_enabled": 1}).save()

	def write_people(self) -> None:
		language = self.writer.language
		names = (company_facts.SERVICE_LEAD, *company_facts.SERVICE_AGENTS)
		for name in names:
			roles = (AGENT, LEAD) if name == company_facts.SERVICE_LEAD else (AGENT,)
			user = demo_users.make_user(name, roles, language, self.password)
			self.writer.record_document(user)
			self.agents.append(user.name)
		for place, title in enumerate(case_texts.TEAMS[language]):
			team = self.writer.write(
				"Cronus Service Team",
				team_name=title,
				lead=self.agents[0],
				members=[{"user": self.agents[place + 1]}, {"user": self.agents[0]}],
			)
			self.teams.append(team.name)

	def write_replies(self) -> None:
		language = self.writer.language
		for name, text in case_texts.REPLIES[language]:
			texts = [{"language": language, "text": text}]
			self.writer.write("Cronus Saved Reply", reply_name=name, texts=texts)

	def write_promise(self) -> None:
		"""What is promised for all cases, unless the site promises something already."""
		if find_promise(frappe._dict()):
			return
		minutes = {"first_answer_minutes": 4 * 60, "solution_minutes": 3 * 8 * 60}
		self.writer.write(PROMISE, promise_name=case_texts.PROMISES[self.writer.language], **minutes)

	def write_case(self, place: int, account: Account) -> None:
		state, days, priority = _STANDINGS[place % len(_STANDINGS)]
		topics = case_texts.TOPICS[self.writer.language]
		topic = topics[place % len(topics)]
		team = place % len(self.teams)
		opened_on = self.moment(days, place)
		person = account.people[0]
		case = self.writer.write(
			CASE,
			group=(CASE, place),
			on=opened_on,
			series=f"CS-{opened_on.year}-.#####",
			subject=topic.subject,
			description=f"<p>{topic.asked}</p>",
			account_kind="Customer",
			customer=self.customer_writer.customers[account.name].name,
			contact=self.customer_writer.contact_name(account.name, person.name),
			contact_name=person.name,
			contact_email=person.email,
			contact_phone=person.phone,
			state="New",
			priority=priority,
			case_type=topic.kind,
			channel=_CHANNELS[place % len(_CHANNELS)],
			team=self.teams[team],
			agent=None if state == "New" else self.agents[team + 1],
		)
		self.write_conversation(case, topic, state, opened_on, self.agents[team + 1], (CASE, place))

	def write_conversation(
		self,
		case: Document,
		topic: case_texts.Topic,
		state: str,
		opened_on: datetime,
		agent: str,
		group: tuple,
	) -> None:
		said = [("Received", topic.asked, opened_on)]
		answered_on = opened_on + timedelta(hours=2)
		if state in _ANSWERED:
			said.append(("Sent", topic.answer, answered_on))
		if state in ("Solved", "Closed", "Waiting for us"):
			said.append(("Received", topic.thanks, answered_on + timedelta(hours=3)))
		for direction, text, moment in said:
			self.write_message(case, direction, text, moment, agent, group)
		if state != "New":
			self.write_note(case, topic.note, opened_on + timedelta(hours=1), agent)
		self.finish(case, state, opened_on, said, agent)

	def write_message(
		self, case: Document, direction: str, text: str, moment: datetime, agent: str, group: tuple
	) -> None:
		message = conversation.build_message(case, f"<p>{text}</p>", direction)
		sender = agent if direction == "Sent" else case.contact_email
		message.update({"sender": sender, "recipients": case.contact_email if direction == "Sent" else None})
		message.insert(ignore_permissions=True)  # called by a bench command
		stamps = {"creation": moment, "communication_date": moment, "owner": agent, "modified_by": agent}
		frappe.db.set_value("Communication", message.name, stamps, update_modified=False)
		self.writer.record_document(message, group)

	def write_note(self, case: Document, text: str, moment: datetime, agent: str) -> None:
		note = case.add_comment("Comment", f"<p>{text}</p>", comment_email=agent)
		stamps = {"creation": moment, "owner": agent, "modified_by": agent}
		frappe.db.set_value("Comment", note.name, stamps, update_modified=False)

	def finish(self, case: Document, state: str, opened_on: datetime, said: list, agent: str) -> None:
		"""Sets the state, and the moments of the story in the place of the present."""
		case = frappe.get_doc(CASE, case.name)
		case.state = state
		case.flags.ignore_links = True
		case.save()
		last = said[-1][2]
		asked_on = self.write_rating(case, last)
		moments = {
			"opened_on": opened_on,
			"last_from_them_on": find_last(said, "Received"),
			"last_from_us_on": find_last(said, "Sent"),
			"waiting_since": last if case.waiting_since else None,
			"closed_on": last if case.closed_on else None,
			"rating_asked_on": asked_on,
			"rated_on": asked_on + timedelta(hours=4) if case.rating else None,
			"creation": opened_on,
			"modified": last,
			"owner": agent,
			"modified_by": agent,
		}
		promised = self.retell_promises(case, moments, agent)
		frappe.db.set_value(CASE, case.name, {**moments, **promised}, update_modified=False)
		# What the framework has written of it meanwhile is of the present.
		frappe.db.delete("Version", {"ref_doctype": CASE, "docname": case.name})

	def retell_promises(self, case: Document, moments: dict, agent: str) -> dict:
		"""The promised times as they would be kept, had the case been worked on at the moments of the
		story."""
		told = frappe.copy_doc(case)
		told.update(case_promises.NOTHING_KEPT)
		told.update({"opened_on": moments["opened_on"], "agent": case.agent or agent, "closed_on": None})
		course = [(moments["opened_on"], case_states.OPEN, None)]
		if answered_on := moments["last_from_us_on"]:
			course.append((answered_on, case_states.WAITING_FOR_THEM, answered_on))
		course.append((moments["modified"], case.category, answered_on))
		this_morning = datetime.combine(self.writer.story.today, time(8))
		course.append((max(moments["modified"], this_morning), case.category, answered_on))
		for moment, category, answered_on in course:
			told.update({"category": category, "last_from_us_on": answered_on})
			case_promises.bring_to(told, moment)
		return {fieldname: told.get(fieldname) for fieldname in case_promises.KEPT_FIELDS}

	def write_rating(self, case: Document, ended_on: datetime) -> datetime | None:
		"""Asks about a case that is closed, and rates it by turns; gives back when it was asked."""
		if case.category != "Closed":
			return None
		ratings.mark_asked(case)
		rating = _RATINGS[self.rated % len(_RATINGS)]
		self.rated += 1
		if rating:
			comments = case_texts.COMMENTS[self.writer.language]
			case.set_on_server(rating=rating, rating_comment=comments.get(rating), rated_on=ended_on)
		case.save()
		return ended_on + timedelta(days=1)

	def moment(self, days: int, place: int) -> datetime:
		"""A moment so many days before the last one of the story, in the morning of a working day."""
		day = self.writer.story.today - timedelta(days=days)
		while day.weekday() >= SATURDAY:
			day -= timedelta(days=1)
		return datetime.combine(day, time(8, (7 * place) % 60))


def find_last(said: list, direction: str) -> datetime | None:
	"""When somebody last said something; direction: Sent or Received."""
	return max((moment for sent, _text, moment in said if sent == direction), default=None)
