import errno
import json
from importlib import import_module

import frappe
import pymysql
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from cronus_crm.base import failed_requests
from cronus_crm.base.database_errors import DatabaseErrors
from cronus_crm.base.failed_requests import BUSY, FULL, NO_FILES, UNREACHABLE, find_failure


def caused(error: Exception, by: Exception) -> Exception:
	error.__cause__ = by
	return error


@pytest.fixture(params=DatabaseErrors, ids=lambda error: error.__module__)
def driver(request):
	"""The module of a driver, with the classes of its errors."""
	return import_module(request.param.__module__)


@pytest.mark.parametrize(
	("name", "code", "text", "failure"),
	[
		("OperationalError", 1213, "Deadlock found", BUSY),
		("OperationalError", 1205, "Lock wait", BUSY),
		("OperationalError", 1020, "Record has changed since last read", BUSY),
		("OperationalError", 1114, "The table is full", FULL),
		("OperationalError", 2003, "Can't connect ([Errno 24] Too many open files)", NO_FILES),
		("OperationalError", 2003, "Can't connect ([Errno 111] Connection refused)", UNREACHABLE),
		("OperationalError", 2013, "Lost connection", UNREACHABLE),
		("InterfaceError", 0, "", UNREACHABLE),
		("ProgrammingError", 1064, "You have an error in your SQL syntax", None),
	],
)
def test_which_error_of_a_driver_is_which_failure(driver, name, code, text, failure):
	error = getattr(driver, name)(code, text)
	assert find_failure(error) == failure
	assert find_failure(caused(frappe.QueryDeadlockError(text), by=error)) == failure
	assert find_failure(caused(frappe.ValidationError(), by=error)) is None


def test_the_driver_of_the_site_is_known():
	with pytest.raises(DatabaseErrors):
		frappe.db.sql("select nothing from nowhere")


@pytest.mark.parametrize(
	("error", "failure"),
	[
		(OSError(errno.ENOSPC, "No space left on device"), FULL),
		(OSError(errno.EMFILE, "Too many open files"), NO_FILES),
		(OSError(errno.ENOENT, "No such file"), None),
		(ValueError("1213"), None),
	],
)
def test_which_error_is_which_failure(error, failure):
	assert find_failure(error) == failure


def request_to(path: str, **headers) -> Request:
	return Request(EnvironBuilder(path, headers=headers).get_environ())


@pytest.mark.parametrize("failure", [BUSY, FULL, NO_FILES, UNREACHABLE], ids=lambda failure: failure.kind)
def test_each_failure_has_a_sentence_in_the_language_of_the_request(failure):
	assert failure.describe().endswith(".")
	assert failed_requests._ENGLISH.keys() == failed_requests._describe_all().keys()


def test_the_api_is_answered_in_json_and_told_when_to_try_again():
	error = pymysql.err.OperationalError(1114, "The table is full")
	answer = failed_requests.build_answer(error, request_to("/api/resource/Invoice"))
	assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
	body = json.loads(answer.get_data())
	assert body["exc_type"] == "DiskFullError"
	(message,) = json.loads(body["_server_messages"])
	assert json.loads(message)["message"] == FULL.describe()
	second = failed_requests.build_answer(error, request_to("/api/v2/document/Invoice"))
	assert json.loads(second.get_data())["errors"][0]["message"] == FULL.describe()


def test_a_page_is_answered_with_the_sentence_alone():
	error = pymysql.err.OperationalError(1114, "The table is full")
	answer = failed_requests.build_answer(error, request_to("/app", Accept="text/html"))
	assert answer.mimetype == "text/html"
	assert FULL.describe() in answer.get_data(as_text=True)


def test_another_error_is_the_framework_s():
	assert failed_requests.build_answer(ValueError("x"), request_to("/api/resource/Invoice")) is None
