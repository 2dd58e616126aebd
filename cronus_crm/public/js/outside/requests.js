// Requests of the pages outside of the desk, and what they are answered, as text.

// A number that nobody guesses, for a request that may arrive twice.
export function make_key() {
	return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join("-");
}

// body: FormData. Gives { ok, message, reason, text }: the answer, or what is told of an error and its type.
export async function post(address, body, headers = {}) {
	const token = window.frappe?.csrf_token;
	const response = await fetch(address, {
		method: "POST",
		body,
		headers: { Accept: "application/json", ...(token ? { "X-Frappe-CSRF-Token": token } : {}), ...headers },
	});
	const answer = await response.json().catch(() => ({}));
	const reason = answer.exc_type || answer.exception?.split(":")[0]?.split(".").pop();
	return { ok: response.ok, message: answer.message, reason, status: response.status, text: read_messages(answer) };
}

// Messages of the server are HTML in JSON in JSON.
function read_messages(answer) {
	const messages = JSON.parse(answer._server_messages || "[]").map((each) => JSON.parse(each).message);
	return messages.map(as_text).filter(Boolean).join(" ");
}

function as_text(html) {
	return new DOMParser().parseFromString(html || "", "text/html").body.textContent.trim();
}
