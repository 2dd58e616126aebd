"""Asks every function as every kind of user, and collects the findings.

Outsiders ask first. A comparison of the database shows what they changed of ana's records; the call that
changed it is found by asking again. Then the entitled users ask, to prove that the question works at all: a
function that refuses everybody proves nothing. Their changes are undone.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, islice

import frappe

from tests.visibility.clients import Client
from tests.visibility.crawler import rest, special_questions
from tests.visibility.crawler.arguments import KINDS, Question, make_invalid_questions, make_questions
from tests.visibility.crawler.calls import (
	Answer,
	Call,
	Senders,
	make_document_calls,
	make_other_calls,
	make_usual_call,
)
from tests.visibility.crawler.crawl_data import HOLDER, CrawlData
from tests.visibility.crawler.excluded import BY_OUTSIDERS_ONLY, EXCLUDED
from tests.visibility.crawler.findings import (
	BREAKS,
	CHANGES,
	DIFFERS,
	REPLACING,
	Finding,
	find_violations,
	reason_left_open,
)
from tests.visibility.crawler.register import Function
from tests.visibility.crawler.snapshot import Snapshot
from tests.visibility.world import World

# Number of functions between two comparisons of the database.
AT_ONCE = 24
THREADS = 4
# Calls that are looked for of one function that changes something.
ENOUGH = 4
# The entitled users: the owner of the records, an administrator, the manager of the owner.
THOSE_WHO_MAY = (HOLDER, "administrator", "north")
# The outsider who asks by the other addresses too, and whose answers are compared with those about a decoy.
CURIOUS = "sol"

# Makes a call; called again for each sending, because some arguments can be sent only once.
Maker = Callable[[], Call]


@dataclass
class Report:
	"""Result of a crawl.

	findings: what is wrong. weak: functions of which no question worked for anybody, with their answer.
	broken: errors in the framework's own code. requests: their number.
	"""

	findings: list[Finding] = field(default_factory=list)
	weak: dict[str, str] = field(default_factory=dict)
	broken: Counter = field(default_factory=Counter)
	functions: int = 0
	addresses: int = 0
	requests: int = 0
	seconds: float = 0

	def text(self, most_per_kind: int = 4) -> str:
		"""The findings as text, at most `most_per_kind` of each function and kind."""
		groups: dict[tuple[str, str], list[Finding]] = {}
		for finding in self.findings:
			groups.setdefault((finding.call.function, finding.kind), []).append(finding)
		said = []
		for found in groups.values():
			said += [str(finding) for finding in found[:most_per_kind]]
			if len(found) > most_per_kind:
				said.append(f"… and {len(found) - most_per_kind} more of these")
		return "\n\n".join(said)

	def add(self, other: "Report") -> None:
		self.findings += other.findings
		self.weak |= other.weak
		self.broken += other.broken
		for name in ("functions", "addresses", "requests", "seconds"):
			setattr(self, name, getattr(self, name) + getattr(other, name))


class Crawler:
	def __init__(self, world: World, clients: dict[str, Client]):
		self.world = world
		self.crawl_data = CrawlData(world)
		self.snapshot = Snapshot(self.crawl_data)
		self.senders = Senders(clients, world.users)

	def crawl(
		self, functions: Iterable[Function], say: Callable[[Finding], None] = lambda finding: None
	) -> Report:
		"""Asks all of these functions that are not excluded."""
		return self._run_in_chunks(
			(list(chunk) for chunk in _split_into_chunks(functions)), self._ask_functions, say
		)

	def crawl_rest(self, say: Callable[[Finding], None] = lambda finding: None) -> Report:
		"""Asks the addresses of the REST API."""
		report, started, sent = Report(), time.monotonic(), self.senders.sent
		self._ask_outsiders(list(rest.makers(self.crawl_data)), report, say)
		report.requests, report.seconds = self.senders.sent - sent, time.monotonic() - started
		return report

	def _run_in_chunks(self, chunks: Iterator[list], ask: Callable, say: Callable) -> Report:
		report, started, sent = Report(), time.monotonic(), self.senders.sent
		for chunk in chunks:
			ask([function for function in chunk if function.id not in EXCLUDED], report, say)
		report.requests, report.seconds = self.senders.sent - sent, time.monotonic() - started
		return report

	def _ask_functions(self, functions: list[Function], report: Report, say: Callable) -> None:
		makers: list[Maker] = []
		for function in functions:
			makers += self._makers(function)
			report.functions += 1
			report.addresses += max(1, len(function.addresses))
		answers = self._ask_outsiders(makers, report, say)
		refused = {
			answer.call.function
			for answer in answers
			if answer.status in (401, 403) and answer.call.who == CURIOUS
		}
		self._ask_invalid(functions, report, say)
		for function in functions:
			if function.id in BY_OUTSIDERS_ONLY:
				continue
			answered = self._ask_entitled(function)
			if answered and function.id not in refused:
				report.weak[function.id] = answered
		self.snapshot.restore()

	def _ask_invalid(self, functions: list[Function], report: Report, say: Callable) -> None:
		"""Asks our own functions, as the owner of the records, with invalid values.

		A finding when one answers with a traceback instead of a message.
		"""
		makers = [
			lambda function=function, question=question: make_usual_call(function, question, HOLDER)
			for function in functions
			if function.id.startswith("cronus_crm.") and not REPLACING.search(function.id)
			for question in make_invalid_questions(function, self.crawl_data)
		]
		for answer in self._send_calls(makers):
			for finding in find_violations(answer, self.world, self.crawl_data):
				if finding.kind == BREAKS:
					report.findings.append(finding)
					say(finding)
		self.snapshot.restore()

	# Outsiders

	def _ask_outsiders(self, makers: list[Maker], report: Report, say: Callable) -> list[Answer]:
		answers = self._send_calls(makers)
		for answer in answers:
			if answer.status >= 500:
				report.broken[answer.call.function] += 1
		found = (
			finding for answer in answers for finding in find_violations(answer, self.world, self.crawl_data)
		)
		for finding in chain(found, self._find_differences(answers), self._find_changes(makers, answers)):
			if not reason_left_open(finding):
				report.findings.append(finding)
				say(finding)
		return answers

	def _send_calls(self, makers: list[Maker]) -> list[Answer]:
		calls = [make() for make in makers]
		frappe.db.commit()
		with ThreadPoolExecutor(THREADS) as pool:
			return list(pool.map(self.senders.send, calls))

	def _makers(self, function: Function) -> Iterator[Maker]:
		if function.of_documents:
			yield from self._makers_of_methods(function)
			return
		for number, question in enumerate(make_questions(function, self.crawl_data, special_questions)):
			for who in question.asked_by:
				yield lambda question=question, who=who: make_usual_call(function, question, who)
			if number == 0:
				for call in make_other_calls(function, question, CURIOUS, self.crawl_data):
					yield lambda call=call: call

	def _makers_of_methods(self, function: Function) -> Iterator[Maker]:
		for doctype, name, arguments, label in special_questions.methods_of_documents(
			function, self.crawl_data
		):
			for who in special_questions.ASKERS_OF_METHODS:
				calls = list(make_document_calls(function, doctype, name, arguments, who, label))
				every_way = who == CURIOUS and label in (*KINDS[:3], *function.doctypes[:1])
				for call in calls if every_way else calls[:1]:
					yield lambda call=call: call

	def _find_differences(self, answers: list[Answer]) -> Iterator[Finding]:
		"""Answers that differ from those about a record that does not exist.

		Refusals are not compared: that they tell what exists is known (see docs/security.md).
		"""
		asked = [answer for answer in answers if answer.ok and self._is_about_ana(answer)]
		for answer, other in zip(
			asked,
			self._send_calls([_wrap_call(self._make_decoy_call(answer.call)) for answer in asked]),
			strict=True,
		):
			if not self._tells_existence(answer, other):
				continue
			again, other_again = self._send_calls([_wrap_call(answer.call), _wrap_call(other.call)])
			if self._is_same(answer, again) and self._is_same(other, other_again):
				what = f"{answer.status} {answer.text[:160]!r}; of what is not there"
				yield Finding(DIFFERS, answer.call, f"{what} {other.status} {other.text[:160]!r}")

	def _is_about_ana(self, answer: Answer) -> bool:
		asked = answer.call.asked
		return answer.call.who == CURIOUS and self.crawl_data.without_names(asked) != asked

	def _make_decoy_call(self, call: Call) -> Call:
		"""The call with names of records that do not exist."""
		sent = frappe.parse_json(self.crawl_data.without_names(frappe.as_json(call.sent), _decoy_name))
		path = self.crawl_data.without_names(call.path, _decoy_name)
		return replace(call, path=path, sent=sent)

	def _tells_existence(self, answer: Answer, other: Answer) -> bool:
		return other.ok and not self._is_same(answer, other)

	def _is_same(self, answer: Answer, other: Answer) -> bool:
		def plain(text: str) -> str:
			return self.crawl_data.without_names(text.replace(_MARK, ""))

		return answer.status == other.status and plain(answer.text) == plain(other.text)

	def _find_changes(self, makers: list[Maker], answers: list[Answer]) -> Iterator[Finding]:
		"""Changes of ana's records with the calls that made them.

		Found by sending again, function by function and then call by call, those that succeeded first.
		"""
		if not (said := self.snapshot.changes()):
			return
		self.snapshot.restore()
		explained = set()
		by_function: dict[str, list[tuple[Maker, Answer]]] = {}
		for make, answer in zip(makers, answers, strict=True):
			by_function.setdefault(answer.call.function, []).append((make, answer))
		for asked in by_function.values():
			asked.sort(key=lambda pair: not pair[1].ok)
			self._send_calls([make for make, _ in asked])
			if again := self.snapshot.changes():
				self.snapshot.restore()
				findings = list(islice(self._find_changing_calls(make for make, _ in asked), ENOUGH))
				explained |= again.keys() if findings else set()
				yield from findings
		if unexplained := [text for what, text in said.items() if what not in explained]:
			what = f"something among {sorted(by_function)}: {'; '.join(unexplained)[:600]}"
			yield Finding(CHANGES, answers[0].call, what)

	def _find_changing_calls(self, makers: Iterable[Maker]) -> Iterator[Finding]:
		for make in makers:
			(answer,) = self._send_calls([make])
			if changes := self.snapshot.changes():
				self.snapshot.restore()
				yield Finding(CHANGES, answer.call, f"{answer.status} {'; '.join(changes.values())[:600]}")

	# Those who may

	def _ask_entitled(self, function: Function) -> str | None:
		"""None when a question works for an entitled user, else the first answer as text."""
		first = None
		for who in THOSE_WHO_MAY:
			answers = self._send_calls(list(self._makers_for(function, who)))
			if any(answer.ok for answer in answers):
				return None
			first = first or next((f"{answer.status} {who} {answer.text[-300:]}" for answer in answers), None)
		return first or "was asked nothing"

	def _makers_for(self, function: Function, who: str) -> Iterator[Maker]:
		if function.of_documents:
			for method in islice(special_questions.methods_of_documents(function, self.crawl_data), 4):
				call = next(make_document_calls(function, *method[:3], who, method[3]))
				yield lambda call=call: call
		else:
			for question in islice(self._plain_questions(function), 4):
				yield lambda question=question: make_usual_call(function, question, who)

	def _plain_questions(self, function: Function) -> Iterator[Question]:
		return (
			q
			for q in make_questions(function, self.crawl_data, special_questions)
			if not callable(q.arguments)
		)


_MARK = "-not-there"


def _decoy_name(name: str) -> str:
	return f"{name}{_MARK}"


def _wrap_call(call: Call) -> Maker:
	return lambda: call


def _function_names(answers: list[Answer]) -> list[str]:
	return sorted({answer.call.function for answer in answers})


def _split_into_chunks(functions: Iterable[Function]) -> Iterator[list[Function]]:
	functions = iter(functions)
	while chunk := list(islice(functions, AT_ONCE)):
		yield chunk
