"""The desk converts by the laws of time zones that the server knows, not by those of its own script."""

from datetime import UTC, datetime

import frappe

from cronus_crm.base.test_time_zones import LAWS, PARAGUAY
from cronus_crm.base.time_zones import pack_zone
from tests.browser import SPANISH
from tests.scaffold import SELLER, make_seller, make_user


def test_the_desk_converts_by_the_law(desk):
	user = make_user(SELLER, **SPANISH)
	make_seller(user=user)
	frappe.db.set_value("User", user, "time_zone", PARAGUAY)
	frappe.db.commit()
	page = desk(user)
	offset = "([zone, at]) => moment.tz(at, zone).utcOffset() / 60"
	for zone, moment, hours in LAWS:
		at = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp() * 1000
		if zone != PARAGUAY:
			page.evaluate("(packed) => moment.tz.add(packed)", pack_zone(zone))
		assert page.evaluate(offset, [zone, at]) == hours, (zone, moment)
