// Forms that are sent without leaving the page: one at a time, and once, however often somebody clicks.
import { make_key, post } from "./requests";

export function follow_forms() {
	for (const form of document.querySelectorAll("form[data-address]:not([data-contact-form])")) {
		const sending = { key: make_key() };
		follow(form, () => send_once(form, sending));
	}
}

// send: gives an answer of `post`. Until now the button is disabled: the browser alone would lose what was written.
export function follow(form, send) {
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		submit(form, send);
	});
	form.querySelector("[type=submit]").disabled = false;
}

// With the same key until it has arrived: what is sent again after a failure of the network is done once.
async function send_once(form, sending) {
	const answer = await post(form.dataset.address, new FormData(form), { "Idempotency-Key": sending.key });
	// What was refused is changed before it is sent again.
	sending.key = make_key();
	return answer;
}

async function submit(form, send) {
	if (form.dataset.busy) return;
	form.dataset.busy = "1";
	const button = form.querySelector("[type=submit]");
	button.disabled = true;
	form.setAttribute("aria-busy", "true");
	show_error(form, "");
	try {
		const answer = await send();
		if (answer.ok) finish(form, answer.message);
		else show_error(form, answer.text || form.dataset.failed);
	} catch {
		show_error(form, form.dataset.failed);
	} finally {
		delete form.dataset.busy;
		button.disabled = false;
		form.removeAttribute("aria-busy");
	}
}

function show_error(form, text) {
	const error = form.querySelector("[role=alert]");
	error.textContent = text;
	error.hidden = !text;
	if (text) error.scrollIntoView({ block: "nearest" });
}

// What stands in the page for a form that has arrived: the next page, or a text in its place.
function finish(form, message) {
	if (form.dataset.next) {
		const address = form.dataset.next.replace("{case}", encodeURIComponent(message?.case || ""));
		// Of the page itself, only the anchor would change.
		if (address === location.pathname) location.reload();
		else location.assign(address);
		return;
	}
	const done = document.getElementById(form.dataset.done);
	const folio = done.querySelector("[data-folio]");
	if (folio) folio.textContent = message.case;
	form.hidden = true;
	done.hidden = false;
	done.focus();
}
