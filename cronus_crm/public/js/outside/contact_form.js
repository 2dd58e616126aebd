// The public form: the browser solves a challenge while somebody types, and shows solutions of the subject.
import { follow } from "./outside_forms";
import { solve } from "./proof_of_work";
import { post } from "./requests";

const API = "/api/method/cronus_crm.api.contact_form";
const WAIT = 400; // milliseconds after the last key

export function follow_contact_form() {
	const form = document.querySelector("form[data-contact-form]");
	if (!form) return;
	const check = {};
	// Not before somebody is there who types.
	form.addEventListener("focusin", () => prepare(check), { once: true });
	follow(form, () => send(form, check));
	follow_subject(form);
}

// The solved challenge, one for each form that is sent. A failed attempt is made again.
function prepare(check) {
	check.solved ||= fetch_and_solve().catch((error) => {
		check.solved = null;
		throw error;
	});
	// Whoever sends the form waits for it, and is told.
	check.solved.catch(() => {});
	return check.solved;
}

async function fetch_and_solve() {
	const answer = await post(`${API}.get_challenge`, new FormData());
	if (!answer.ok) throw new Error(answer.text);
	return { challenge: answer.message.challenge, number: await solve(answer.message) };
}

async function send(form, check) {
	const answer = await send_solved(form, check);
	if (answer.reason !== "OutdatedCheckError") return answer;
	check.solved = null;
	return send_solved(form, check);
}

async function send_solved(form, check) {
	const { challenge, number } = await prepare(check);
	const body = new FormData(form);
	body.set("challenge", challenge);
	body.set("number", number);
	return post(form.dataset.address, body);
}

function follow_subject(form) {
	const subject = form.elements.subject;
	const box = document.getElementById(form.dataset.proposals);
	let timer, asked;
	subject.addEventListener("input", () => {
		clearTimeout(timer);
		timer = setTimeout(async () => {
			const text = (asked = subject.value.trim());
			const found = text ? await fetch_proposals(text) : [];
			if (text === asked) show_proposals(box, found);
		}, WAIT);
	});
}

async function fetch_proposals(subject) {
	const body = new FormData();
	body.set("subject", subject);
	const answer = await post(`${API}.propose`, body).catch(() => ({}));
	return answer.ok ? answer.message : [];
}

function show_proposals(box, solutions) {
	const items = solutions.map(({ question, language, address }) => {
		const link = document.createElement("a");
		Object.assign(link, { href: address, target: "_blank", rel: "noopener", textContent: question, lang: language });
		const item = document.createElement("li");
		item.append(link);
		return item;
	});
	box.querySelector("ul").replaceChildren(...items);
	box.hidden = !items.length;
}
