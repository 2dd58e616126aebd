"""A POST to the REST API that is sent again with its `Idempotency-Key` gets the first answer.

A key is claimed by a row, in the transaction that does the work, and the answer is written into that row
before the framework commits. So a request that is committed leaves both its work and its answer, and one
that fails or dies leaves neither. The row's name is made of user and key: of two requests at once the second
waits, in the database, for what becomes of the first.

The framework has no hook between the moment when it knows the user and the moment when it commits. So a
request with a key is led to a method that calls `answer_once`, which handles the one meant.

A method that commits before it ends commits its claim without an answer. If it then fails, its key is spent:
nobody can know how much of it was done, so it is not done again.

See the IETF's draft “The Idempotency-Key HTTP Header Field”.
"""

import json
from hashlib import sha256

import frappe
from frappe import _
from werkzeug.wrappers import Request, Response

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
MAX_KEY_LENGTH = 140
MAX_ANSWER_BYTES = 1_000_000  # bytes

CLAIM = "Cronus Idempotent Request"

# Where a request keeps the path that was meant; no header can write there.
_ORIGINAL_PATH = "cronus_crm.path"


class UnusableKeyError(frappe.ValidationError):
	http_status_code = 400


class RequestInProgressError(frappe.ValidationError):
	http_status_code = 409


class KeyAlreadyUsedError(frappe.ValidationError):
	http_status_code = 422


class UnrepeatableAnswerError(frappe.ValidationError):
	http_status_code = 422


def redirect_keyed_request(request: Request, path: str) -> None:
	"""Has a POST to the REST API that has a key handled at another path, that of the method which calls
	:func:`answer_once`; leaves other requests alone."""
	if request.method != "POST" or HEADER not in request.headers or not request.path.startswith("/api/"):
		return
	request.environ[_ORIGINAL_PATH] = request.environ["PATH_INFO"]
	request.environ["PATH_INFO"] = path


def answer_once() -> Response:
	"""Handles a request that came with a key, or answers as it was answered before.

	Raises UnusableKeyError (400), KeyAlreadyUsedError (422) when the key belongs to another request,
	RequestInProgressError (409) while the first one is not finished, UnrepeatableAnswerError (422) when what
	was asked for cannot be kept, and whatever the request itself raises. Then nothing is kept.
	"""
	request = frappe.local.request
	if _ORIGINAL_PATH not in request.environ:
		raise frappe.DoesNotExistError
	request.environ["PATH_INFO"] = request.environ.pop(_ORIGINAL_PATH)
	frappe.form_dict.pop("cmd", None)
	if frappe.session.user == "Guest":
		# One guest is not told from another, so a key is nobody's.
		return _handle_request(request)
	claim = _build_claim(request)
	if not _insert_claim(claim):
		return _replay_answer(claim)
	response = _handle_request(request)
	_store_answer(claim, response)
	return response


def _handle_request(request: Request) -> Response:
	from frappe.api import handle

	return handle(request)


def _build_claim(request: Request):
	key = request.headers[HEADER]
	if not 0 < len(key) <= MAX_KEY_LENGTH:
		message = _("The header {0} takes 1 to {1} characters.")
		frappe.throw(message.format(HEADER, MAX_KEY_LENGTH), UnusableKeyError)
	user = frappe.session.user
	return frappe.get_doc(
		{
			"doctype": CLAIM,
			"name": sha256(f"{user}\n{key}".encode()).hexdigest(),
			"user": user,
			"idempotency_key": key,
			"request": f"{request.method} {request.path}",
			"fingerprint": _compute_fingerprint(request),
		}
	)


def _compute_fingerprint(request: Request) -> str:
	body = request.get_data()
	if boundary := request.mimetype_params.get("boundary"):
		# Programs that send files choose another one each time.
		body = body.replace(boundary.encode(), b"")
	asked = (request.method, request.path, request.query_string.decode("latin-1"), sha256(body).hexdigest())
	return sha256(json.dumps(asked).encode()).hexdigest()


def _insert_claim(claim) -> bool:
	"""Inserts the row of a claim; False when another request has it."""
	try:
		claim.db_insert()
		return True
	except frappe.DuplicateEntryError:
		frappe.clear_last_message()
		return False
	except (frappe.QueryTimeoutError, frappe.QueryDeadlockError):
		# Raised here, so the transaction ends with it.
		_refuse_while_in_progress()


def _store_answer(claim, response: Response) -> None:
	"""Writes the answer into the row of its claim; the framework's commit takes it with the work."""
	claim.update(
		{
			"status_code": response.status_code,
			"content_type": response.content_type,
			"body": _read_body(response),
		}
	)
	if frappe.db.get_value(CLAIM, claim.name, for_update=True):
		claim.db_update()
	# The method rolled back midway, the claim too; what it did after that is about to be committed.
	elif not _insert_claim(claim):
		_refuse_while_in_progress()


def _read_body(response: Response) -> str:
	"""The body of an answer. Raises UnrepeatableAnswerError for a file, and for more than LONGEST_ANSWER."""
	if not response.is_streamed and not response.direct_passthrough:
		body = response.get_data()
		if len(body) <= MAX_ANSWER_BYTES and response.mimetype in (
			"application/json",
			"text/html",
			"text/plain",
		):
			return body.decode()
	# Or else the error would be answered as that file.
	frappe.local.response = frappe._dict(docs=[])
	message = _("This answer is a file, or too long to be repeated. Send the request without the header {0}.")
	frappe.throw(message.format(HEADER), UnrepeatableAnswerError)


def _replay_answer(claim) -> Response:
	# Nothing was done yet, and this transaction began before there was what it waited for. A locking read
	# would see that, but several of them would wait for each other.
	frappe.db.rollback()
	first = frappe.get_doc(CLAIM, claim.name)
	if first.fingerprint != claim.fingerprint:
		frappe.throw(
			_("This idempotency key was used for another request. Give each new request a key of its own."),
			KeyAlreadyUsedError,
		)
	if not first.status_code:
		_refuse_while_in_progress()
	_check_documents_readable(first.body)
	response = Response(first.body, first.status_code, content_type=first.content_type)
	response.headers[REPLAYED_HEADER] = "true"
	return response


def _refuse_while_in_progress() -> None:
	frappe.throw(
		_(
			"The first request with this idempotency key is not finished. Try again in a while; if this "
			"stays so, look at what it has done before it is sent with a new key."
		),
		RequestInProgressError,
	)


def _check_documents_readable(body: str) -> None:
	"""Raises frappe.PermissionError when an answer has documents that the user may no longer read."""
	try:
		answer = json.loads(body)
	except ValueError:
		return
	for value in answer.values() if isinstance(answer, dict) else ():
		for document in value if isinstance(value, list) else [value]:
			if isinstance(document, dict) and document.get("doctype") and document.get("name"):
				_check_document_readable(document["doctype"], document["name"])


def _check_document_readable(doctype: str, name: str) -> None:
	# Of a document that is gone the answer says what it was; there is nothing left to be asked for.
	if frappe.db.exists(doctype, name):
		frappe.has_permission(doctype, "read", name, throw=True)
