"""HTTP clients of the test server, and the text of its answers."""

from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZipFile

import frappe
import requests
from openpyxl import load_workbook

from tests.printed import text_of_pdf

REFUSED = "refused"

OURS, NO_SUCH_METHOD = "method/cronus_crm.", "Failed to get method"


@dataclass
class Client:
	"""A user who calls the server. who: the name in `world`. key: of the API; None for a guest."""

	who: str
	address: str
	key: str | None
	asked: set[str] = field(default_factory=set)

	def take_asked_paths(self) -> set[str]:
		"""The paths requested since the last call of this method."""
		asked, self.asked = self.asked, set()
		return asked

	def call(self, verb: str, path: str, headers: dict | None = None, **arguments) -> requests.Response:
		self.asked.add(path)
		headers = {"Accept": "application/json", **(headers or {})}
		if self.key:
			headers["Authorization"] = f"token {self.key}"
		answer = requests.request(
			verb, f"{self.address}{path}", headers=headers, timeout=120, allow_redirects=False, **arguments
		)
		# A misspelt address answers like one that refuses, so that its test would pass without testing
		# anything.
		assert not (OURS in path and NO_SUCH_METHOD in answer.text), f"{path} is no address of ours"
		return answer

	def get(self, path: str, **params) -> requests.Response:
		return self.call("GET", path, params=_as_text(params))

	def post(self, path: str, **data) -> requests.Response:
		"""Sends data as JSON."""
		return self.call("POST", path, json=data)

	def ask(self, method: str, /, **arguments) -> requests.Response:
		"""Calls a whitelisted method by its name."""
		return self.call("POST", f"/api/method/{method}", data=_as_text(arguments))


def _as_text(arguments: dict) -> dict:
	return {
		name: value if isinstance(value, str | int) else frappe.as_json(value, indent=None)
		for name, value in arguments.items()
		if value is not None
	}


def text_of(answer: requests.Response) -> str:
	"""The text of an answer: of a sheet its cells, of a PDF its pages, of an archive its members."""
	if not answer.ok:
		return f"{REFUSED} {answer.status_code}: {answer.text}"
	content = answer.content
	if content.startswith(b"%PDF"):
		return text_of_pdf(content)
	if content.startswith(b"PK"):
		return _text_of_archive(content)
	return answer.text


def _text_of_member(content: bytes) -> str:
	return text_of_pdf(content) if content.startswith(b"%PDF") else content.decode(errors="replace")


def _text_of_archive(content: bytes) -> str:
	with ZipFile(BytesIO(content)) as archive:
		if "xl/workbook.xml" not in archive.namelist():
			return "\n".join(_text_of_member(archive.read(name)) for name in archive.namelist())
	sheet = load_workbook(BytesIO(content)).active
	return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def make_api_key(user: str) -> str:
	"""Makes an API key of a user; gives back "key:secret"."""
	doc = frappe.get_doc("User", user)
	doc.api_key = frappe.generate_hash(length=15)
	doc.api_secret = secret = frappe.generate_hash(length=15)
	doc.save()
	return f"{doc.api_key}:{secret}"
