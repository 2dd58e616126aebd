"""The laws of time zones, from one source for all: the newest of the system's and of the package `tzdata`.

Frappe 15 asks pytz, whose data is that of its release; Frappe 16 asks the system; the browser has what its
script was built with. Where a country changes its law they disagree for years: Paraguay, which has kept its
summer time since October 2024, is an hour off half the year. So the server converts by :func:`load_zone`, and
the desk is sent the same laws by :func:`pack_zone`.

Only our own clock and conversions use it. The framework's stamps (`creation`, `modified`) and its scheduler
keep the framework's, in all of its processes.
"""

import zoneinfo
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone

from cronus_crm.base.present_records import get_present_value

# The years that the desk knows of a zone, as the data of moment-timezone does.
_FIRST_YEAR, _LAST_YEAR = 1970, 2037

# Two changes of a law are not nearer to each other than this.
_STEP = timedelta(days=7)

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWX"


@lru_cache(maxsize=256)
def load_zone(name: str | None) -> ZoneInfo | None:
	"""A time zone by its name, such as "America/Asuncion"; None for a name that there is no zone of."""
	try:
		if _is_package_newer() and (file := _find_in_package(name)):
			with file.open("rb") as data:
				return ZoneInfo.from_file(data, key=name)
		return ZoneInfo(name) if name else None
	except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
		return None


def system_zone() -> ZoneInfo:
	"""The time zone of the system, which is the company's; UTC where its name is none."""
	return load_zone(get_system_timezone()) or ZoneInfo("UTC")


def user_zone(user: str) -> ZoneInfo:
	"""The time zone of a user; that of the system, where it has none."""
	return load_zone(get_present_value("User", user, "time_zone")) or system_zone()


def _find_in_package(name: str | None):
	"""The file of a zone in the package `tzdata`, or None."""
	parts = (name or "").split("/")
	if not all(part and part.replace("_", "").replace("-", "").replace("+", "").isalnum() for part in parts):
		return None
	file = resources.files("tzdata").joinpath("zoneinfo", *parts)
	return file if file.is_file() else None


@lru_cache(maxsize=1)
def _is_package_newer() -> bool:
	"""True when the package `tzdata` has newer laws than the system, or the system does not say which it
	has."""
	try:
		import tzdata
	except ImportError:
		return False
	return tzdata.IANA_VERSION > (_read_system_version() or "")


def _read_system_version() -> str | None:
	"""The release of the system's laws, such as "2025b"; None where it has none or does not say."""
	for folder in map(Path, zoneinfo.TZPATH):
		for file in (folder / "tzdata.zi", folder / "+VERSION"):
			if file.is_file():
				with file.open(encoding="ascii", errors="replace") as lines:
					return lines.readline().removeprefix("# version").strip()
	return None


@lru_cache(maxsize=256)
def pack_zone(name: str) -> str | None:
	"""A time zone in the packed format of moment-timezone, for `moment.tz.add`; None for a name without zone.

	The format is “name|abbreviations|offsets|indices|differences”: offsets are minutes west of UTC,
	differences the minutes from one change to the next (the first since 1970), all in base 60; an index for
	each stretch between changes says which abbreviation and offset it has.
	"""
	if not (zone := load_zone(name)):
		return None
	stretches = _find_stretches(zone)
	kinds = list(dict.fromkeys(kind for _begins, kind in stretches))
	begins = [begin for begin, _kind in stretches]
	minutes = [int((begin - begins[0]).total_seconds() // 60) for begin in begins]
	differences = [after - before for before, after in pairwise(minutes)]
	return "|".join(
		(
			name,
			" ".join(abbreviation for abbreviation, _offset in kinds),
			" ".join(_to_base_60(offset) for _abbreviation, offset in kinds),
			"".join(_to_base_60(kinds.index(kind)) for _begins, kind in stretches),
			" ".join(map(_to_base_60, differences)),
		)
	)


def _find_stretches(zone: ZoneInfo) -> list[tuple[datetime, tuple[str, int]]]:
	"""The stretches of time without a change: (its beginning in UTC, (abbreviation, minutes west of UTC)).

	The first one has no beginning of its own: it is 1970.
	"""
	moment = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
	found = [(moment, _kind_at(zone, moment))]
	while moment.year <= _LAST_YEAR:
		following = moment + _STEP
		if (kind := _kind_at(zone, following)) != found[-1][1]:
			found.append((_find_change(zone, moment, following), kind))
		moment = following
	return found


def _find_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
	"""The minute of the change that lies between two moments."""
	kind = _kind_at(zone, before)
	while after - before > timedelta(minutes=1):
		middle = before + timedelta(minutes=int((after - before).total_seconds() // 120))
		before, after = (middle, after) if _kind_at(zone, middle) == kind else (before, middle)
	return after


def _kind_at(zone: ZoneInfo, moment: datetime) -> tuple[str, int]:
	local = moment.astimezone(zone)
	return local.tzname() or "", -round(local.utcoffset().total_seconds() / 60)


def _to_base_60(number: int) -> str:
	digits, rest = "", abs(number)
	while rest or not digits:
		rest, digit = divmod(rest, 60)
		digits = _DIGITS[digit] + digits
	return f"-{digits}" if number < 0 else digits
