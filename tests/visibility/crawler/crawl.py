"""Asks every function as every kind of user, and collects what is wrong with what comes of it.

Outsiders ask first. Whatever they have changed of ana's is seen in the database, and who did it is found by
asking again. Then those who may, so that it is known of each function whether a question of it works at all;
what they change is put back.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import chain, islice

import frappe

from tests.visibility.clients import Client
from tests.visibility.crawler import particular, rest
from tests.visibility.crawler.arguments import KINDS, Question, odd_questions, questions
from tests.visibility.crawler.calls import Answer, Call, Senders, of_documents, otherwise, plainly
from tests.visibility.crawler.excluded import BY_OUTSIDERS_ONLY, EXCLUDED
from tests.visibility.crawler.ground import HOLDER, Ground
from tests.visibility.crawler.judge import BREAKS, CHANGES, DIFFERS, REPLACING, Finding, judge, left_open
from tests.visibility.crawler.register import Function
from tests.visibility.crawler.snapshot import Snapshot
from tests.visibility.world import World

# Functions that are asked before the database is compared.
AT_ONCE = 12
THREADS = 4
# Of one function that changes something, so many ways to do it are looked for.
ENOUGH = 4
# Those for whom a question should work: whose the records are, who sees everything, and whose team it is.
THOSE_WHO_MAY = (HOLDER, "administrator", "north")
# Who asks by all other ways, and whether an answer depends on what is ana's.
CURIOUS = "sol"

# Makes a call, again if need be: some arguments are used up by being sent.
Maker = Callable[[], Call]


@dataclass
class Report:
	"""findings: what is wrong. weak: functions of which no question worked for anybody, with what they
	answered. broken: errors of the framework's own. requests: how many there were."""

	findings: list[Finding] = field(default_factory=list)
	weak: dict[str, str] = field(default_factory=dict)
	broken: Counter = field(default_factory=Counter)
	functions: int = 0
	addresses: int = 0
	requests: int = 0
	seconds: float = 0

	def text(self, at_most: int = 4) -> str:
		"""The findings in words, of each function and kind no more than a few."""
		groups: dict[tuple[str, str], list[Finding]] = {}
		for finding in self.findings:
			groups.setdefault((finding.call.function, finding.kind), []).append(finding)
		said = []
		for found in groups.values():
			said += [str(finding) for finding in found[:at_most]]
			if len(found) > at_most:
				said.append(f"… and {len(found) - at_most} more of these")
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
		self.ground = Ground(world)
		self.snapshot = Snapshot(self.ground)
		self.senders = Senders(clients, world.users)

	def crawl(
		self, functions: Iterable[Function], say: Callable[[Finding], None] = lambda finding: None
	) -> Report:
		"""Asks all of these functions that are not excluded."""
		return self._run((list(chunk) for chunk in _chunks(functions)), self._ask, say)

	def crawl_rest(self, say: Callable[[Finding], None] = lambda finding: None) -> Report:
		"""Asks the addresses of the REST API."""
		report, started, sent = Report(), time.monotonic(), self.senders.sent
		self._outsiders(list(rest.makers(self.ground)), report, say)
		report.requests, report.seconds = self.senders.sent - sent, time.monotonic() - started
		return report

	def _run(self, chunks: Iterator[list], ask: Callable, say: Callable) -> Report:
		report, started, sent = Report(), time.monotonic(), self.senders.sent
		for chunk in chunks:
			ask([function for function in chunk if function.id not in EXCLUDED], report, say)
		report.requests, report.seconds = self.senders.sent - sent, time.monotonic() - started
		return report

	def _ask(self, functions: list[Function], report: Report, say: Callable) -> None:
		makers: list[Maker] = []
		for function in functions:
			makers += self._makers(function)
			report.functions += 1
			report.addresses += max(1, len(function.addresses))
		answers = self._outsiders(makers, report, say)
		refused = {
			answer.call.function
			for answer in answers
			if answer.status in (401, 403) and answer.call.who == CURIOUS
		}
		self._odd(functions, report, say)
		for function in functions:
			if function.id in BY_OUTSIDERS_ONLY:
				continue
			answered = self._for_those_who_may(function)
			if answered and function.id not in refused:
				report.weak[function.id] = answered
		self.snapshot.restore()

	def _odd(self, functions: list[Function], report: Report, say: Callable) -> None:
		"""Our own functions, asked by whose the records are with values that are none: each is answered with
		a sentence, not with a traceback."""
		makers = [
			lambda function=function, question=question: plainly(function, question, HOLDER)
			for function in functions
			if function.id.startswith("cronus_crm.") and not REPLACING.search(function.id)
			for question in odd_questions(function, self.ground)
		]
		for answer in self._send(makers):
			for finding in judge(answer, self.world, self.ground):
				if finding.kind == BREAKS:
					report.findings.append(finding)
					say(finding)
		self.snapshot.restore()

	# Outsiders

	def _outsiders(self, makers: list[Maker], report: Report, say: Callable) -> list[Answer]:
		answers = self._send(makers)
		for answer in answers:
			if answer.status >= 500:
				report.broken[answer.call.function] += 1
		found = (finding for answer in answers for finding in judge(answer, self.world, self.ground))
		for finding in chain(found, self._what_differs(answers), self._what_changed(makers, answers)):
			if not left_open(finding):
				report.findings.append(finding)
				say(finding)
		return answers

	def _send(self, makers: list[Maker]) -> list[Answer]:
		calls = [make() for make in makers]
		frappe.db.commit()
		with ThreadPoolExecutor(THREADS) as pool:
			return list(pool.map(self.senders.send, calls))

	def _makers(self, function: Function) -> Iterator[Maker]:
		if function.of_documents:
			yield from self._makers_of_methods(function)
			return
		for number, question in enumerate(questions(function, self.ground, particular)):
			for who in question.asked_by:
				yield lambda question=question, who=who: plainly(function, question, who)
			if number == 0:
				for call in otherwise(function, question, CURIOUS, self.ground):
					yield lambda call=call: call

	def _makers_of_methods(self, function: Function) -> Iterator[Maker]:
		for doctype, name, arguments, label in particular.of_methods(function, self.ground):
			for who in particular.ASKERS_OF_METHODS:
				calls = list(of_documents(function, doctype, name, arguments, who, label))
				every_way = who == CURIOUS and label in (*KINDS[:3], *function.doctypes[:1])
				for call in calls if every_way else calls[:1]:
					yield lambda call=call: call

	def _what_differs(self, answers: list[Answer]) -> Iterator[Finding]:
		"""Answers that would be others if what is asked about were not there. A refusal is not looked at:
		that it tells what exists is known."""
		asked = [answer for answer in answers if answer.ok and self._is_about_ana(answer)]
		for answer, other in zip(
			asked, self._send([_made(self._decoy(answer.call)) for answer in asked]), strict=True
		):
			if not self._tells(answer, other):
				continue
			again, other_again = self._send([_made(answer.call), _made(other.call)])
			if self._same(answer, again) and self._same(other, other_again):
				what = f"{answer.status} {answer.text[:160]!r}; of what is not there"
				yield Finding(DIFFERS, answer.call, f"{what} {other.status} {other.text[:160]!r}")

	def _is_about_ana(self, answer: Answer) -> bool:
		asked = answer.call.asked
		return answer.call.who == CURIOUS and self.ground.without_names(asked) != asked

	def _decoy(self, call: Call) -> Call:
		"""The same of a record that is not there."""
		sent = frappe.parse_json(self.ground.without_names(frappe.as_json(call.sent), _decoy))
		path = self.ground.without_names(call.path, _decoy)
		return replace(call, path=path, sent=sent)

	def _tells(self, answer: Answer, other: Answer) -> bool:
		return other.ok and not self._same(answer, other)

	def _same(self, answer: Answer, other: Answer) -> bool:
		def plain(text: str) -> str:
			return self.ground.without_names(text.replace(_MARK, ""))

		return answer.status == other.status and plain(answer.text) == plain(other.text)

	def _what_changed(self, makers: list[Maker], answers: list[Answer]) -> Iterator[Finding]:
		"""What the database holds of ana's that it did not, with who did it: found by asking again, function
		by function and then call by call, first of those that worked."""
		if not (said := self.snapshot.changes()):
			return
		self.snapshot.restore()
		explained = set()
		by_function: dict[str, list[tuple[Maker, Answer]]] = {}
		for make, answer in zip(makers, answers, strict=True):
			by_function.setdefault(answer.call.function, []).append((make, answer))
		for asked in by_function.values():
			asked.sort(key=lambda pair: not pair[1].ok)
			self._send([make for make, _ in asked])
			if again := self.snapshot.changes():
				self.snapshot.restore()
				findings = list(islice(self._culprits(make for make, _ in asked), ENOUGH))
				explained |= again.keys() if findings else set()
				yield from findings
		if unexplained := [text for what, text in said.items() if what not in explained]:
			what = f"something among {sorted(by_function)}: {'; '.join(unexplained)[:600]}"
			yield Finding(CHANGES, answers[0].call, what)

	def _culprits(self, makers: Iterable[Maker]) -> Iterator[Finding]:
		for make in makers:
			(answer,) = self._send([make])
			if changes := self.snapshot.changes():
				self.snapshot.restore()
				yield Finding(CHANGES, answer.call, f"{answer.status} {'; '.join(changes.values())[:600]}")

	# Those who may

	def _for_those_who_may(self, function: Function) -> str | None:
		"""None when a question works for somebody, else the first answer."""
		first = None
		for who in THOSE_WHO_MAY:
			answers = self._send(list(self._makers_for(function, who)))
			if any(answer.ok for answer in answers):
				return None
			first = first or next((f"{answer.status} {who} {answer.text[-300:]}" for answer in answers), None)
		return first or "was asked nothing"

	def _makers_for(self, function: Function, who: str) -> Iterator[Maker]:
		if function.of_documents:
			for method in islice(particular.of_methods(function, self.ground), 4):
				call = next(of_documents(function, *method[:3], who, method[3]))
				yield lambda call=call: call
		else:
			for question in islice(self._plain_questions(function), 4):
				yield lambda question=question: plainly(function, question, who)

	def _plain_questions(self, function: Function) -> Iterator[Question]:
		return (q for q in questions(function, self.ground, particular) if not callable(q.arguments))


_MARK = "-not-there"


def _decoy(name: str) -> str:
	return f"{name}{_MARK}"


def _made(call: Call) -> Maker:
	return lambda: call


def _functions(answers: list[Answer]) -> list[str]:
	return sorted({answer.call.function for answer in answers})


def _chunks(functions: Iterable[Function]) -> Iterator[list[Function]]:
	functions = iter(functions)
	while chunk := list(islice(functions, AT_ONCE)):
		yield chunk
