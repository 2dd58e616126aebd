"""What docs/rest.md prints is run as it is printed, by Bash, with the key of a user with the page's roles."""

import frappe
import pytest

from cronus_crm.cronus_exchange.running import tasks
from cronus_crm.cronus_exchange.running.import_state import IMPORT, WORKING
from tests.printed_requests import Command, check_answer, differences, read_commands, run_commands
from tests.scaffold import ADMINISTRATOR, BILLING, SELLER, make_seller, make_user
from tests.visibility.clients import make_api_key

# The first says whose key it is, and where.
SETTINGS, *COMMANDS = read_commands("rest.md")


@pytest.fixture(scope="module")
def answers(site, server, tmp_path_factory) -> dict[Command, str]:
	"""What the shell wrote for each command."""
	frappe.set_user("Administrator")
	seller = make_seller(user=make_user(SELLER, BILLING, ADMINISTRATOR))
	settings = f"URL={server}\nTOKEN={make_api_key(seller.user)}\n"
	frappe.db.commit()
	return run_commands(COMMANDS, settings, tmp_path_factory.mktemp("rest"), run_imports)


def run_imports() -> None:
	frappe.db.rollback()
	for name in frappe.get_all(IMPORT, {"state": ("in", WORKING)}, pluck="name", order_by="name"):
		tasks.run_task(name)


@pytest.fixture(scope="module")
def numbers() -> tuple[dict, dict]:
	"""Numbers of documents, as shown and as given, in the order in which the page meets them."""
	return {}, {}


def test_the_page_begins_with_what_is_the_readers_own():
	assert [line.split("=")[0] for line in SETTINGS.text.splitlines()] == ["URL", "TOKEN"]
	assert len(COMMANDS) > 25


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"line {command.line}")
def test_a_command_of_the_page_is_answered_as_it_shows(command, answers, numbers):
	check_answer(command, answers[command], numbers)


def test_what_is_shown_is_compared():
	assert differences({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3}) == []
	assert differences({"a": [{"b": 1}]}, {"a": [{"b": 2}]})
	assert differences({"a": [{"b": 1}]}, {"a": []})
	assert differences({"a": 1}, {})
