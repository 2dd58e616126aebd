"""Pages of docs/ whose requests run as they are printed: commands for Bash, and the answers below them."""

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"

FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Languages of what is shown below a command. Other blocks are neither run nor compared.
ANSWERS = ("json", "text")
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


def read_commands(page: str) -> list[Command]:
	"""The commands of a page of docs/, in their order. The first says whose key it is, and where."""
	text = (DOCS / page).read_text()
	found: list[Command] = []
	for fence in FENCED.finditer(text):
		language, content = fence.groups()
		if language == "bash":
			found.append(Command(text[: fence.start()].count("\n") + 1, content, None, ""))
		elif language in ANSWERS:
			asked = found.pop()
			assert asked.language is None, f"line {asked.line}: two answers"
			found.append(Command(asked.line, asked.text, language, content))
	return found


def run_commands(
	commands: list[Command], settings: str, folder: Path, meanwhile: Callable[[], None] = lambda: None
) -> dict[Command, str]:
	"""What the shell wrote for each command. settings: lines that come before. folder: where it runs.
	meanwhile: called twice in a second, does what is started in the background, as by a worker."""
	script = settings + "".join(f"{command.text}\nprintf '%s' '{END}'\n" for command in commands)
	output, errors = _run_script(script, folder, meanwhile)
	written = output.split(END)
	written += [f"did not run: {errors}"] * (len(commands) - len(written) + 1)
	return dict(zip(commands, written, strict=False))


def _run_script(script: str, folder: Path, meanwhile: Callable[[], None]) -> tuple[str, str]:
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
			meanwhile()
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


def check_answer(command: Command, given: str, numbers: tuple[dict, dict]) -> None:
	"""Asserts that a command was answered as the page shows. numbers: those of documents, as shown and as
	given, in the order in which the page meets them."""
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
