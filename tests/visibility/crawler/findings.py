"""Finds what an answer discloses that its asker may not see, and describes it."""

import re
from dataclasses import dataclass

import frappe

from tests.visibility.checks import find_hidden_names
from tests.visibility.crawler.calls import Answer, Call
from tests.visibility.crawler.crawl_data import CrawlData
from tests.visibility.crawler.excluded import LEFT_OPEN
from tests.visibility.world import World

TELLS, NAMES, DIFFERS, CHANGES, BREAKS = "tells", "names", "differs", "changes", "breaks"


@dataclass(frozen=True)
class Finding:
	"""kind: one of the constants above. what: the disclosed text or the change."""

	kind: str
	call: Call
	what: str

	def __str__(self) -> str:
		return f"{self.call.function} by {self.call.way}\n\t{self.kind}: {self.what}\n\t{self.call}"


def find_violations(answer: Answer, world: World, crawl_data: CrawlData) -> list[Finding]:
	"""The violations in one answer. Tokens that the question itself contained do not count."""
	call = answer.call
	found = []
	known = {token for token in re.findall(world.mark + "[a-z]{8}", call.asked) if token in world.marks}
	told = answer.text
	for token in known:
		told = told.replace(token, "")
	foreign = {mark for mark in world.find_marks(told) if not world.may_see(call.who, mark)}
	if foreign:
		where = sorted(f"{mark.holder}'s {mark.where}" for mark in foreign)
		found.append(
			Finding(
				TELLS,
				call,
				f"{answer.status} {where[:6]} of {len(where)}: {_excerpt_of_token(world, told, call)}",
			)
		)
	names = {name for name in find_hidden_names(told, call.who, world) if name not in call.asked}
	names |= {
		name
		for name in crawl_data.names
		if len(name) >= 10 and name in told and name not in call.asked and not _is_label_of_report(name)
	}
	if names and not foreign:
		found.append(
			Finding(NAMES, call, f"{answer.status} {sorted(names)[:8]}: {_excerpt_of_names(names, told)}")
		)
	if answer.status >= 500 and is_ours(call.function, told):
		found.append(Finding(BREAKS, call, f"{answer.status} {end_of_traceback(told)}"))
	return found


def reason_left_open(finding: Finding) -> str | None:
	"""The reason why a finding is accepted; None when it is not."""
	for function, kind, what, reason in LEFT_OPEN:
		if (
			finding.kind == kind
			and re.search(function, finding.call.function)
			and re.search(what, finding.what)
		):
			return reason
	return None


FRAME = re.compile(r"apps/(\w+)/[\w/]+\.py")
# Frames that hand a request, or a call of the framework, on as it is.
PASSED_BY_ALL = re.compile(
	r"apps/cronus_crm/cronus_crm/(visibility/replaced/(replacement|request_handling)|base/repeated_transactions)\.py"
)
# Modules whose functions stand in the place of the framework's, and hand over what they are given.
REPLACING = re.compile(r"\.(guarded_\w+|replaced)\.")


def is_ours(function: str, text: str) -> bool:
	"""True when an error was raised in our code, or below a function of ours."""
	apps = FRAME.findall(PASSED_BY_ALL.sub("", text))
	# `uploadfile` answers a refusal with 500.
	if "cronus_crm" not in apps or "frappe.exceptions." in end_of_traceback(text):
		return False
	return apps[-1] == "cronus_crm" or (function.startswith("cronus_crm.") and not REPLACING.search(function))


def end_of_traceback(text: str) -> str:
	"""The last lines of a traceback, and its last frame in our code."""
	text = text.replace("\\\\n", "\n").replace("\\n", "\n")
	places = re.findall(r'apps/(cronus_crm/[\w/]+\.py)\\*", line (\d+), in (\w+)', text)
	errors = re.findall(r"^\s*((?:\w+\.)*\w*(?:Error|Exception|Exit|Found)\b.*)$", text, re.M)
	return f"{errors[-1][:200] if errors else text[-200:]} in {places[-1] if places else '?'}"


def _excerpt_of_token(world: World, text: str, call: Call) -> str:
	pieces = [*re.finditer(f"{world.mark}[a-z]{{8}}", text), *re.finditer(r"(?<![\w.])\d[\d,]{5,16}", text)]
	for found in pieces:
		if any(not world.may_see(call.who, mark) for mark in world.find_marks(found[0])):
			return text[max(0, found.start() - 120) : found.end() + 120].replace("\n", " ")
	return ""


def _is_label_of_report(name: str) -> bool:
	"""A report that is sent regularly bears the English label of its report, which is no secret."""
	return bool(frappe.db.exists("Report", f"Cronus {name}"))


def _excerpt_of_names(names: set[str], text: str) -> str:
	place = min(text.find(name) for name in names if name in text)
	return text[max(0, place - 120) : place + 160].replace("\n", " ")
