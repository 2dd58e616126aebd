"""What docs/rest.md prints is run as it is printed, by Bash, with the key of a user with the page's roles."""

import json
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import frappe
import pytest

from cronus_crm.cronus_exchange.running import tasks
from cronus_crm.cronus_exchange.running.import_state import IMPORT, WORKING
from tests.scaffold import ADMINISTRATOR, BILLING, SELLER, make_seller, make_user
from tests.visibility.clients import make_api_key

PAGE = Path(__file__).parents[1] / "docs" / "rest.md"

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
END = "--- end of a command ---"

# What differs from site to site and from day to day: numbers of documents, and who asks.
NUMBER = re.compile(r"\b(CL|PR|CS|PF|PED|ENT|NV|FAC|NC|PAG)-(?:\d{4}-)?(\d{5})\b")
EMAIL = re.compile(r"\b[\w-]+@example\.com\b")


@dataclass(frozen=True)
class Command:
	"""Lines for a shell, and the answer that the page shows below them: its language and text."""

	line: int
	text: str
	language: str | None
	answer: str


def commands() -> list[Command]:
	page = PAGE.read_text()
	found: list[Command] = []
	for fence in FENCED.finditer(page):
		language, text = fence.groups()
		if language == "bash":
			found.append(Command(page[: fence.start()].count("\n") + 1, text, None, ""))
		else:
			asked = found.pop()
			assert asked.language is None, f"line {asked.line}: two answers"
			found.append(Command(asked.line, asked.text, language, text))
	return found


# The first says whose key it is, and where.
SETTINGS, *COMMANDS = commands()


@pytest.fixture(scope="module")
def answers(site, server, tmp_path_factory) -> dict[Command, str]:
	"""What the shell wrote for each command."""
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, BILLING, ADMINISTRATOR))
	settings = f"URL={server}\nTOKEN={make_api_key(seller.user)}\n"
	frappe.db.commit()
	script = settings + "".join(f"{command.text}\nprintf '%s' '{END}'\n" for command in COMMANDS)
	output, errors = run_script(script, tmp_path_factory.mktemp("rest"))
	written = output.split(END)
	written += [f"did not run: {errors}"] * (len(COMMANDS) - len(written) + 1)
	return dict(zip(COMMANDS, written, strict=False))


def run_script(script: str, folder: Path) -> tuple[str, str]:
	"""Output and errors of a script for Bash. What it starts in the background is done here meanwhile, as by
	a worker."""
	process = subprocess.Popen(
		["bash", "-e", "-c", script],
		cwd=folder,
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
		text=True,
		errors="replace",
	)
	for _moment in range(600):
		try:
			return process.communicate(timeout=0.5)
		except subprocess.TimeoutExpired:
			frappe.db.rollback()
			for name in frappe.get_all(IMPORT, {"state": ("in", WORKING)}, pluck="name", order_by="name"):
				tasks.run_task(name)
	process.kill()
	return process.communicate()


def as_printed(text: str, seen: dict[str, str]) -> str:
	"""The text with documents numbered in the order in which they are met."""

	def renumber(match: re.Match) -> str:
		met = sum(name.startswith(f"{match[1]}-") for name in seen)
		return seen.setdefault(match[0], f"{match[1]} #{met + 1}")

	return EMAIL.sub("user@example.com", NUMBER.sub(renumber, text)).strip()


def differences(shown, given, path: str = "answer") -> list[str]:
	"""Where an answer is not as shown. What is shown is a part: of an object, some of its fields."""
	if isinstance(shown, dict) and isinstance(given, dict):
		return [
			difference
			for key, value in shown.items()
			for difference in differences(value, given.get(key), f"{path}.{key}")
		]
	if isinstance(shown, list) and isinstance(given, list) and len(shown) == len(given):
		return [
			difference
			for index, (one, other) in enumerate(zip(shown, given, strict=True))
			for difference in differences(one, other, f"{path}[{index}]")
		]
	return [] if shown == given else [f"{path}: shown {shown!r}, given {given!r}"]


@pytest.fixture(scope="module")
def numbers() -> tuple[dict, dict]:
	"""Numbers of documents, as shown and as given, in the order in which the page meets them."""
	return {}, {}


def test_the_page_begins_with_what_is_the_readers_own():
	assert [line.split("=")[0] for line in SETTINGS.text.splitlines()] == ["URL", "TOKEN"]
	assert len(COMMANDS) > 25


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"line {command.line}")
def test_a_command_of_the_page_is_answered_as_it_shows(command, answers, numbers):
	given = answers[command]
	assert not given.startswith("did not run"), given
	if command.language is None:
		assert given == ""
		return
	shown, given = (
		as_printed(text, seen) for text, seen in zip((command.answer, given), numbers, strict=True)
	)
	if command.language == "json":
		assert differences(json.loads(shown), json.loads(given)) == []
	else:
		assert given.splitlines() == shown.splitlines()


def test_what_is_shown_is_compared():
	assert differences({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3}) == []
	assert differences({"a": [{"b": 1}]}, {"a": [{"b": 2}]})
	assert differences({"a": [{"b": 1}]}, {"a": []})
	assert differences({"a": 1}, {})
