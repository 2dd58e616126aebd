"""Hooks of the API: see `former_addresses.py`, `deprecation.py` and `repeated_requests.py`."""

from cronus_crm.api.former_addresses import NEW_ADDRESSES

override_whitelisted_methods = NEW_ADDRESSES
before_request = ["cronus_crm.api.repeated_requests.route_to_answer_once"]
after_request = ["cronus_crm.api.deprecation.add_headers"]
