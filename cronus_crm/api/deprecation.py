"""Tells whoever asks at a former address, in the headers of the answer, that it has moved and where to.

See RFC 9745 (Deprecation) and RFC 8288 (Link).
"""

from datetime import UTC, datetime

import frappe
from werkzeug.wrappers import Request, Response

from cronus_crm.api.former_addresses import NEW_ADDRESSES

DEPRECATED_ON = datetime(2026, 11, 26, tzinfo=UTC)


def add_headers(response: Response | None, request: Request) -> None:
	"""Hook `after_request`: `Deprecation` and `Link` for an answer that was asked at a former address.

	response: None where Frappe 15 answers with an exception of werkzeug's; then there is nothing to add to.
	"""
	new_address = NEW_ADDRESSES.get(read_asked_address(request) or "")
	if response is None or not new_address:
		return
	version = "/api/v2" if request.path.startswith("/api/v2/") else "/api"
	response.headers["Deprecation"] = f"@{int(DEPRECATED_ON.timestamp())}"
	response.headers.add("Link", f'<{version}/method/{new_address}>; rel="successor-version"')


def read_asked_address(request: Request) -> str | None:
	"""The dotted path of the method that a request asks for, by any of the framework's ways to name one: the
	path, `DocType/method` in the second API, or the argument `cmd`. None where it asks for something else."""
	match request.path.strip("/").split("/"):
		case ["api", "v2", "method", doctype, method]:
			return _find_controller_address(doctype, method)
		case ["api", "method", address, *_] | ["api", "v1" | "v2", "method", address, *_]:
			return address
	return getattr(frappe.local, "form_dict", {}).get("cmd")


def _find_controller_address(doctype: str, method: str) -> str | None:
	"""As the second API finds it: the method stands in the module of the DocType's controller."""
	name = frappe.scrub(doctype)
	controller = f".doctype.{name}.{name}.{method}"
	return next((address for address in NEW_ADDRESSES if address.endswith(controller)), None)
