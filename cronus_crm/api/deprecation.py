"""Adds headers to responses from a former address: that it is deprecated, and the new address.

See RFC 9745 (Deprecation) and RFC 8288 (Link).
"""

from datetime import UTC, datetime

import frappe
from werkzeug.wrappers import Request, Response

from cronus_crm.api.former_addresses import NEW_ADDRESSES

DEPRECATED_ON = datetime(2026, 11, 26, tzinfo=UTC)


def add_headers(response: Response | None, request: Request) -> None:
	"""Hook `after_request`: adds the headers `Deprecation` and `Link` when the request used a former address.

	response: None when Frappe 15 answers with an exception of werkzeug; then no header can be added.
	"""
	new_address = NEW_ADDRESSES.get(read_asked_address(request) or "")
	if response is None or not new_address:
		return
	version = "/api/v2" if request.path.startswith("/api/v2/") else "/api"
	response.headers["Deprecation"] = f"@{int(DEPRECATED_ON.timestamp())}"
	response.headers.add("Link", f'<{version}/method/{new_address}>; rel="successor-version"')


def read_asked_address(request: Request) -> str | None:
	"""The dotted path of the method that a request calls; None when it calls none.

	The framework accepts it in the path, as `DocType/method` in version 2 of the API, or in the argument
	`cmd`.
	"""
	match request.path.strip("/").split("/"):
		case ["api", "v2", "method", doctype, method]:
			return _find_controller_address(doctype, method)
		case ["api", "method", address, *_] | ["api", "v1" | "v2", "method", address, *_]:
			return address
	return getattr(frappe.local, "form_dict", {}).get("cmd")


def _find_controller_address(doctype: str, method: str) -> str | None:
	"""The former address of a method in the controller of a DocType, which version 2 of the API finds by both
	names."""
	name = frappe.scrub(doctype)
	controller = f".doctype.{name}.{name}.{method}"
	return next((address for address in NEW_ADDRESSES if address.endswith(controller)), None)
