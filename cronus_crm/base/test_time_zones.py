"""One source of the laws of time zones: known laws of four countries, and what the desk is sent of them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest

from cronus_crm.base import time_zones
from cronus_crm.base.company import company_now, company_today
from cronus_crm.base.user_days import get_user_days
from tests.scaffold import make_user

PARAGUAY, CHILE, MEXICO, SPAIN = (
	"America/Asuncion",
	"America/Santiago",
	"America/Mexico_City",
	"Europe/Madrid",
)

# (zone, moment in UTC, hours from UTC): before and after each kind of change.
LAWS = [
	(PARAGUAY, "2024-10-06 03:59", -4),  # the last winter
	(PARAGUAY, "2024-10-06 04:00", -3),
	(PARAGUAY, "2025-03-23 03:00", -3),  # on which it went back before the law of 2024
	(PARAGUAY, "2025-07-01 12:00", -3),
	(CHILE, "2025-04-06 02:59", -3),
	(CHILE, "2025-04-06 03:00", -4),
	(CHILE, "2025-09-07 03:59", -4),
	(CHILE, "2025-09-07 04:00", -3),
	(MEXICO, "2022-07-01 12:00", -5),
	(MEXICO, "2022-10-30 07:00", -6),  # the last change
	(MEXICO, "2025-07-01 12:00", -6),
	(SPAIN, "2025-03-30 00:59", 1),
	(SPAIN, "2025-03-30 01:00", 2),
	(SPAIN, "2025-10-26 00:59", 2),
	(SPAIN, "2025-10-26 01:00", 1),
]


@pytest.mark.parametrize("zone, moment, hours", LAWS)
def test_the_server_knows_the_law(zone, moment, hours):
	at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
	assert at.astimezone(time_zones.load_zone(zone)).utcoffset() == timedelta(hours=hours)


def test_it_is_the_newest_of_the_system_and_the_package(monkeypatch, tmp_path):
	"""A system with an old Paraguay, or with none, has the package's; a newer system has its own."""
	for line, is_newer in (("# version 2023c", True), ("# version 9999z", False), (None, True)):
		if line:
			(tmp_path / "tzdata.zi").write_text(line + "\n")
		else:
			(tmp_path / "tzdata.zi").unlink()
		monkeypatch.setattr(time_zones.zoneinfo, "TZPATH", (str(tmp_path),))
		time_zones._is_package_newer.cache_clear()
		assert time_zones._is_package_newer() is is_newer
	time_zones._is_package_newer.cache_clear()


@pytest.mark.parametrize("name", ["No/Zone", "../../etc/passwd", "/etc/localtime", "", None, "America"])
def test_a_name_without_a_zone_is_none(name):
	assert time_zones.load_zone(name) is None
	assert not name or time_zones.pack_zone(name) is None


def unpack(packed: str) -> tuple[list[int], list[str], list[int]]:
	"""Minutes of the changes since 1970, and the index and minutes west of UTC of each stretch."""
	_name, _abbreviations, offsets, indices, differences = packed.split("|")

	def number(text: str) -> int:
		digits = text.lstrip("-")
		total = 0
		for digit in digits:
			total = total * 60 + time_zones._DIGITS.index(digit)
		return -total if text.startswith("-") else total

	changes = [number(text) for text in differences.split()]
	for place in range(1, len(changes)):
		changes[place] += changes[place - 1]
	west = [number(text) for text in offsets.split()]
	return changes, indices, [west[number(index)] for index in indices]


@pytest.mark.parametrize(
	"name", [PARAGUAY, CHILE, MEXICO, SPAIN, "America/Guayaquil", "Asia/Kolkata", "Africa/Casablanca"]
)
def test_the_desk_is_sent_the_same_law(name):
	zone = time_zones.load_zone(name)
	changes, indices, west = unpack(time_zones.pack_zone(name))
	assert len(indices) == len(changes) + 1
	epoch = datetime(1970, 1, 1, tzinfo=UTC)
	assert changes == sorted(changes)
	for minute, before, after in zip(changes, west, west[1:], strict=False):
		change = epoch + timedelta(minutes=minute)
		for moment, offset in ((change - timedelta(minutes=1), before), (change, after)):
			assert moment.astimezone(zone).utcoffset() == timedelta(minutes=-offset), moment


def test_the_company_and_its_users_have_their_clocks_by_it(monkeypatch):
	user = make_user("Cronus Seller")
	frappe.db.set_value("User", user, "time_zone", PARAGUAY)
	frappe.clear_document_cache("User", user)
	days = get_user_days(user, datetime(2025, 7, 1, 12))
	# July at noon in the company's zone is the same moment by UTC and by Paraguay's law of 2024.
	moment = datetime(2025, 7, 1, 12, tzinfo=days.system).astimezone(UTC)
	assert days.zone.key == PARAGUAY
	assert moment.astimezone(days.zone).replace(tzinfo=None) == moment.replace(tzinfo=None) - timedelta(
		hours=3
	)
	now = datetime.now(time_zones.system_zone()).replace(tzinfo=None)
	assert abs(company_now() - now) < timedelta(minutes=1)
	assert company_today() in (now.date(), company_now().date())
	assert isinstance(days.zone, ZoneInfo)
