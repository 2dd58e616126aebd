"""What an answer tells that its asker should not know."""

import re
from dataclasses import dataclass

from tests.visibility.checks import names_in
from tests.visibility.crawler.calls import Answer, Call
from tests.visibility.crawler.excluded import LEFT_OPEN
from tests.visibility.crawler.ground import Ground
from tests.visibility.world import World

TELLS, NAMES, DIFFERS, CHANGES, BREAKS = "tells", "names", "differs", "changes", "breaks"


@dataclass(frozen=True)
class Finding:
	"""kind: one of those above. what: what came back, or changed."""

	kind: str
	call: Call
	what: str

	def __str__(self) -> str:
		return f"{self.call.function} by {self.call.way}\n\t{self.kind}: {self.what}\n\t{self.call}"


def judge(answer: Answer, world: World, ground: Ground) -> list[Finding]:
	"""All that is wrong with an answer by itself. What the question held is told to nobody."""
	call = answer.call
	found = []
	known = {token for token in re.findall(world.mark + "[a-z]{8}", call.asked) if token in world.marks}
	told = answer.text
	for token in known:
		told = told.replace(token, "")
	foreign = {mark for mark in world.seen_in(told) if not world.may_see(call.who, mark)}
	if foreign:
		where = sorted(f"{mark.holder}'s {mark.where}" for mark in foreign)
		found.append(
			Finding(TELLS, call, f"{answer.status} {where[:6]} of {len(where)}: {_around(world, told, call)}")
		)
	names = {name for name in names_in(told, call.who, world) if name not in call.asked}
	names |= {name for name in ground.names if len(name) >= 10 and name in told and name not in call.asked}
	if names and not foreign:
		found.append(
			Finding(NAMES, call, f"{answer.status} {sorted(names)[:8]}: {_around_names(names, told)}")
		)
	if answer.status >= 500 and is_ours(call.function, told):
		found.append(Finding(BREAKS, call, f"{answer.status} {last_of(told)}"))
	return found


def left_open(finding: Finding) -> str | None:
	"""Why it is known and left as it is; None for what is not."""
	for function, kind, what, reason in LEFT_OPEN:
		if (
			finding.kind == kind
			and re.search(function, finding.call.function)
			and re.search(what, finding.what)
		):
			return reason
	return None


FRAME = re.compile(r"apps/(\w+)/[\w/]+\.py")
# Modules whose functions stand in the place of the framework's, and hand over what they are given.
REPLACING = re.compile(r"\.(guarded_\w+|replaced)\.")


def is_ours(function: str, text: str) -> bool:
	"""Whether an error is one of our code: raised there, or by what a function of ours made of its
	arguments."""
	apps = FRAME.findall(text)
	# `uploadfile` answers a refusal with 500.
	if "cronus_crm" not in apps or "frappe.exceptions." in last_of(text):
		return False
	return apps[-1] == "cronus_crm" or (function.startswith("cronus_crm.") and not REPLACING.search(function))


def last_of(text: str) -> str:
	"""The end of a traceback, and its last place in our own code."""
	text = text.replace("\\\\n", "\n").replace("\\n", "\n")
	places = re.findall(r'apps/(cronus_crm/[\w/]+\.py)\\*", line (\d+), in (\w+)', text)
	errors = re.findall(r"^\s*((?:\w+\.)*\w*(?:Error|Exception|Exit|Found)\b.*)$", text, re.M)
	return f"{errors[-1][:200] if errors else text[-200:]} in {places[-1] if places else '?'}"


def _around(world: World, text: str, call: Call) -> str:
	pieces = [*re.finditer(f"{world.mark}[a-z]{{8}}", text), *re.finditer(r"(?<![\w.])\d[\d,]{6,16}", text)]
	for found in pieces:
		if any(not world.may_see(call.who, mark) for mark in world.seen_in(found[0])):
			return text[max(0, found.start() - 120) : found.end() + 120].replace("\n", " ")
	return ""


def _around_names(names: set[str], text: str) -> str:
	place = min(text.find(name) for name in names if name in text)
	return text[max(0, place - 120) : place + 160].replace("\n", " ")
