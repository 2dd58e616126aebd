"""The addresses of the release before answer as those that took their place, and say so. Over HTTP, by
keys."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import frappe
import pytest

from cronus_crm.api.former_addresses import NEW_ADDRESSES
from tests.scaffold import BILLING, SELLER, VIEWER, make_customer, make_seller
from tests.visibility.clients import Client, make_api_key

# Written out, so that no renaming of today's functions changes what programs ask for.
FORMER = Path(__file__).with_name("former_addresses.txt").read_text().split()

# Of an answer, what is another one each time.
VARIES = re.compile(r'"exc": .*|"_exc_source": .*|"_error_message": .*')


@pytest.fixture(scope="module")
def world(site, server):
	frappe.set_user("Administrator")
	seller = make_seller(roles=(SELLER, BILLING, VIEWER))
	customer = make_customer(seller.name)
	client = Client("seller", server, make_api_key(seller.user))
	frappe.db.commit()
	return frappe._dict(client=client, seller=seller, customer=customer.name)


def verb_of(address: str) -> str:
	verbs = frappe.allowed_http_methods_for_whitelisted_func[frappe.get_attr(address)]
	return "POST" if "POST" in verbs else "GET"


def read_answer(answer) -> str | list[str]:
	"""What an answer says; of a workbook, which has the time of its making in it, the names of its parts."""
	if answer.content.startswith(b"PK"):
		return sorted(ZipFile(BytesIO(answer.content)).namelist())
	return VARIES.sub("", answer.text)


def test_the_table_has_what_the_release_before_had():
	assert sorted(NEW_ADDRESSES) == sorted(FORMER)


@pytest.mark.parametrize("former", FORMER)
def test_a_former_address_answers_as_the_new_one(world, former):
	new = NEW_ADDRESSES[former]
	verb = verb_of(new)
	answers = [world.client.call(verb, f"/api/method/{address}") for address in (former, new)]
	was, now = answers
	assert was.status_code == now.status_code
	assert read_answer(was) == read_answer(now)
	assert "not whitelisted" not in was.text
	assert was.headers["Link"] == f'</api/method/{new}>; rel="successor-version"'
	since = datetime.fromtimestamp(int(was.headers["Deprecation"].removeprefix("@")), UTC)
	assert since.year == 2026
	assert "Deprecation" not in now.headers


@pytest.mark.parametrize(
	("former", "arguments", "value"),
	[
		("cronus_crm.cronus_crm.timeline.of_customer", {"customer": "{customer}"}, "items"),
		("cronus_crm.cronus_analytics.timeline.documents_of", {"customer": "{customer}"}, "rows"),
		("cronus_crm.cronus_analytics.customer_analysis.of_customer", {"customer": "{customer}"}, "owed"),
		("cronus_crm.cronus_crm.pending.overview", {}, "summary"),
		(
			"cronus_crm.cronus_billing.chain.of_document",
			{"doctype": "Cronus Customer", "name": "{customer}"},
			None,
		),
	],
)
def test_a_former_address_takes_its_arguments(world, former, arguments, value):
	given = {name: text.format(**world) for name, text in arguments.items()}
	answer, new = (
		world.client.get(f"/api/method/{address}", **given) for address in (former, NEW_ADDRESSES[former])
	)
	assert answer.status_code == new.status_code
	if value:
		assert answer.status_code == 200, answer.text
		assert answer.json()["message"][value] == new.json()["message"][value]


# The other ways to name a method.

FINISH = "cronus_crm.cronus_crm.doctype.cronus_activity.cronus_activity.suggest_next"


@pytest.mark.parametrize(
	("path", "arguments", "version"),
	[
		(f"/api/v1/method/{FINISH}", {}, "/api"),
		(f"/api/v2/method/{FINISH}", {}, "/api/v2"),
		("/api/v2/method/Cronus Activity/suggest_next", {}, "/api/v2"),
		("/", {"cmd": FINISH}, "/api"),
	],
)
def test_a_former_address_is_known_by_each_way_to_name_it(world, path, arguments, version):
	answer = world.client.get(path, activity="none", **arguments)
	assert answer.status_code == 404, answer.text
	assert "Activity none not found" in answer.text
	link = f'<{version}/method/{NEW_ADDRESSES[FINISH]}>; rel="successor-version"'
	assert answer.headers["Link"] == link
	assert answer.headers["Deprecation"].startswith("@")


def test_a_request_with_a_key_is_told_too(world):
	former = "cronus_crm.cronus_crm.conversion.convert"
	answer = world.client.call(
		"POST",
		f"/api/method/{former}",
		headers={"Idempotency-Key": frappe.generate_hash()},
		json={"prospect": "none"},
	)
	assert answer.status_code == 404, answer.text
	assert answer.headers["Link"] == f'</api/method/{NEW_ADDRESSES[former]}>; rel="successor-version"'


def test_what_only_guarded_a_method_of_the_framework_is_gone(world):
	with pytest.raises(AssertionError, match="is no address of ours"):
		world.client.get("/api/method/cronus_crm.cronus_crm.guarded_exports.export_query")
