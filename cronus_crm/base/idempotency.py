"""Idempotent requests: a POST to the REST API that is repeated with the same `Idempotency-Key` gets the first
response again, and its work is done once.

A request claims its key by inserting a row (a Cronus Idempotent Request) in the transaction that does the
work. The response is stored in that row before the framework commits. So a committed request leaves both its
work and its response, and a request that fails or is killed leaves neither. Of documents in the response only
the names are kept (`repeated_answers.py`), so that the store does not hold them twice. The primary key of the
row is the hash of user and key: the second of two concurrent requests waits at the primary key until the
first one commits or rolls back.

The framework has no hook between the moment when the user is authenticated and the commit. Therefore a
request with a key is routed to a whitelisted method that calls :func:`answer_once`, which handles the
original path.

A method that commits before it ends commits its claim without a response. If it fails after that, its key is
used up: nobody can know how much of the work was done, so it is not repeated.

See the IETF draft “The Idempotency-Key HTTP Header Field”.
"""

import json
from hashlib import sha256

import frappe
from frappe import _
from frappe.model.document import Document
from werkzeug.wrappers import Request, Response

from cronus_crm.base.repeated_answers import abridge_answer, complete_answer

HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
MAX_KEY_LENGTH = 140
MAX_ANSWER_BYTES = 1_000_000

CLAIM = "Cronus Idempotent Request"

# Key of the WSGI environment for the original path. No HTTP header can set it: those begin with HTTP_.
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
	"""Routes a POST to the REST API that has an `Idempotency-Key` to `path`, and leaves other requests
	unchanged.

	path: the path of a whitelisted method that calls :func:`answer_once`.
	"""
	if request.method != "POST" or HEADER not in request.headers or not request.path.startswith("/api/"):
		return
	request.environ[_ORIGINAL_PATH] = request.environ["PATH_INFO"]
	request.environ["PATH_INFO"] = path


def answer_once() -> Response:
	"""Handles the current request, which was routed here by its key, or repeats the stored response.

	Raises frappe.DoesNotExistError for a request that was not routed here, UnusableKeyError (400) for an
	empty or too long key, KeyAlreadyUsedError (422) when the key belongs to another request,
	RequestInProgressError (409) while the first request is not finished, UnrepeatableAnswerError (422) when
	the response cannot be stored, and whatever the request itself raises. After an error nothing is stored.
	"""
	request = frappe.local.request
	if _ORIGINAL_PATH not in request.environ:
		raise frappe.DoesNotExistError
	request.environ["PATH_INFO"] = request.environ.pop(_ORIGINAL_PATH)
	frappe.form_dict.pop("cmd", None)
	if frappe.session.user == "Guest":
		# Guests share one user, so a key of theirs could give one guest the response of another.
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
	"""The row that claims the key of a request, not inserted yet. Raises UnusableKeyError."""
	key = request.headers[HEADER]
	if not 0 < len(key) <= MAX_KEY_LENGTH:
		message = _("The header {0} takes 1 to {1} characters.")
		frappe.throw(message.format(HEADER, MAX_KEY_LENGTH), UnusableKeyError)
	user = frappe.session.user
	return frappe.get_doc(
		{
			"doctype": CLAIM,
			"name": _claim_name(user, key),
			"user": user,
			"idempotency_key": key,
			"request": f"{request.method} {request.path}",
			"fingerprint": _compute_fingerprint(request),
		}
	)


def _claim_name(user: str, key: str) -> str:
	return sha256(f"{user}\n{key}".encode()).hexdigest()


def on_user_rename(user: Document, method: str | None, old: str, new: str, merge: bool = False) -> None:
	"""Event `after_rename` of User: the keys of a user are found under the new name, and not under the old
	one by whoever gets it next. Of a key of two merged users the one of the user that stays is kept."""
	claims = frappe.get_all(CLAIM, {"user": new}, ["name", "idempotency_key"], order_by="name asc")
	for claim in claims:
		name = _claim_name(new, claim.idempotency_key)
		if name == claim.name:
			continue
		if frappe.db.exists(CLAIM, name):
			frappe.db.delete(CLAIM, {"name": claim.name})
		else:
			frappe.db.set_value(CLAIM, claim.name, "name", name, update_modified=False)


def _compute_fingerprint(request: Request) -> str:
	"""Hash of method, path, query and body, by which another request with the same key is recognised."""
	body = request.get_data()
	if boundary := request.mimetype_params.get("boundary"):
		# Clients that send files choose a random boundary for each request.
		body = body.replace(boundary.encode(), b"")
	parts = (request.method, request.path, request.query_string.decode("latin-1"), sha256(body).hexdigest())
	return sha256(json.dumps(parts).encode()).hexdigest()


def _insert_claim(claim) -> bool:
	"""Inserts the row of a claim. False when another request with the same key has committed it."""
	try:
		claim.db_insert()
		return True
	except frappe.DuplicateEntryError:
		frappe.clear_last_message()
		return False
	except (frappe.QueryTimeoutError, frappe.QueryDeadlockError):
		# A deadlock has rolled back the transaction, a timeout only the statement; the error ends it in both
		# cases.
		_refuse_while_in_progress()


def _store_answer(claim, response: Response) -> None:
	"""Stores the response in the row of the claim, in the transaction that the framework will commit."""
	claim.update(
		{
			"status_code": response.status_code,
			"content_type": response.content_type,
			"body": _read_body(response),
		}
	)
	if frappe.db.get_value(CLAIM, claim.name, for_update=True):
		claim.db_update()
	# The method has rolled back, and with it the claim. The work that it did afterwards will be committed, so
	# the claim is inserted again.
	elif not _insert_claim(claim):
		_refuse_while_in_progress()


def _read_body(response: Response) -> str:
	"""What is kept of the body of a response, as text. Raises UnrepeatableAnswerError for a file, and for a
	body of more than MAX_ANSWER_BYTES without the documents in it."""
	is_text = response.mimetype in ("application/json", "text/html", "text/plain")
	if is_text and not response.is_streamed and not response.direct_passthrough:
		kept = abridge_answer(response.get_data(as_text=True))
		if len(kept.encode()) <= MAX_ANSWER_BYTES:
			return kept
	# Discards the response of the method: otherwise the framework would send the file instead of the error.
	frappe.local.response = frappe._dict(docs=[])
	message = _("This answer is a file, or too long to be repeated. Send the request without the header {0}.")
	frappe.throw(message.format(HEADER), UnrepeatableAnswerError)


def _replay_answer(claim) -> Response:
	# The snapshot of this transaction is older than the row that it has waited for, so a new transaction
	# reads it. A locking read would see the row too, but several concurrent ones end in a deadlock. No work
	# is lost: nothing was done before the claim.
	frappe.db.rollback()
	first = frappe.get_doc(CLAIM, claim.name)
	if first.fingerprint != claim.fingerprint:
		frappe.throw(
			_("This idempotency key was used for another request. Give each new request a key of its own."),
			KeyAlreadyUsedError,
		)
	if not first.status_code:
		_refuse_while_in_progress()
	response = Response(complete_answer(first.body), first.status_code, content_type=first.content_type)
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
