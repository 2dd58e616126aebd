"""What docs/exchange.md prints is run as it is printed, by Bash, with the key of an integrator; and the page
names all codes, kinds and fields that there are."""

import re

import frappe
import pytest

from cronus_crm.cronus_exchange.fetching.exchanged_files import KINDS, iterate_exchanged_rows
from cronus_crm.cronus_exchange.pushing import codes
from cronus_crm.cronus_exchange.pushing.row_kinds import load_kinds
from cronus_crm.cronus_exchange.targets import customer_target, price_target, product_target
from tests.printed_requests import DOCS, FENCED, Command, check_answer, read_commands, run_commands
from tests.scaffold import make_seller, make_user
from tests.visibility.clients import make_api_key

PAGE = "exchange.md"
SETTINGS, *COMMANDS = read_commands(PAGE)
# The part of a target that rows of a kind are, for kinds with the fields of one.
PARTS = {
	"customer": customer_target.TARGET.part("Customer"),
	"branch": customer_target.TARGET.part("Branch"),
	"contact": customer_target.TARGET.part("Contact"),
	"product": product_target.TARGET.part("Product"),
	"price": price_target.TARGET.part("Price"),
}


@pytest.fixture(scope="module")
def answers(site, server, tmp_path_factory) -> dict[Command, str]:
	"""What the shell wrote for each command."""
	frappe.set_user("Administrator")
	user, seller = make_user("Cronus Integrator"), make_seller()
	source = {
		"doctype": "Cronus Source",
		"source_name": f"ERP-{frappe.generate_hash(length=8)}",
		"enabled": 1,
	}
	source = frappe.get_doc({**source, "user": user}).insert()
	settings = f"URL={server}\nTOKEN={make_api_key(user)}\nSOURCE={source.name}\nSELLER='{seller.name}'\n"
	frappe.db.commit()
	return run_commands(COMMANDS, settings, tmp_path_factory.mktemp("exchange"))


@pytest.fixture(scope="module")
def numbers() -> tuple[dict, dict]:
	"""Numbers of documents, as shown and as given, in the order in which the page meets them."""
	return {}, {}


def test_the_page_begins_with_what_is_the_readers_own():
	assert [line.split("=")[0] for line in SETTINGS.text.splitlines()] == ["URL", "TOKEN", "SOURCE", "SELLER"]
	assert len(COMMANDS) > 10


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"line {command.line}")
def test_a_command_of_the_page_is_answered_as_it_shows(command, answers, numbers):
	check_answer(command, answers[command], numbers)


def _section(title: str) -> str:
	"""The text below a heading, up to the next one of its level or above."""
	level = title.split(" ")[0]
	_before, text = (DOCS / PAGE).read_text().split(f"\n{title}\n")
	return re.split(rf"\n#{{2,{len(level)}}} ", text)[0]


def test_the_page_has_all_codes_and_outcomes_and_no_other():
	rows = re.findall(r"^\| `(\w+)` \|", _section("## Outcomes and codes"), re.MULTILINE)
	assert sorted(rows) == sorted((*codes.OUTCOMES, *codes.CODES))


def test_the_page_has_all_kinds_and_no_other():
	sections = re.findall(r"^### `(\w+)`$", (DOCS / PAGE).read_text(), re.MULTILINE)
	assert sorted(sections) == sorted(load_kinds()) == sorted(KINDS.values())


@pytest.mark.parametrize("kind", PARTS)
def test_the_page_has_all_fields_of_a_kind(kind):
	named = set(re.findall(r"`(\w+)`", _section(f"### `{kind}`")))
	assert [field.fieldname for field in PARTS[kind].fields if field.fieldname not in {*named, "name"}] == []


def test_files_of_the_page_are_files(tmp_path):
	files = [text for language, text in FENCED.findall((DOCS / PAGE).read_text()) if language == "csv"]
	assert len(files) == 2
	for text, name, ids in zip(
		files, ("customers.csv", "documents.csv"), (["C-100", "C-105"], ["F-2"]), strict=True
	):
		path = tmp_path / name
		path.write_text(text)
		assert [row.values["id"] for row in iterate_exchanged_rows(path, name)] == ids
