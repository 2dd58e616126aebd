// The page of a solution: prints it, and sends whether it helped. Until now its buttons are disabled.
import { post } from "./requests";

const ADDRESS = "/api/method/cronus_crm.api.solutions.rate_public";

export function follow_solution() {
	const actions = document.querySelector("[data-solution]");
	if (!actions) return;
	actions.querySelector("[data-print]").addEventListener("click", () => window.print());
	for (const button of actions.querySelectorAll("[data-helpful]")) {
		button.addEventListener("click", () => rate(actions, button.dataset.helpful));
	}
	disable(actions, false);
}

async function rate(actions, helpful) {
	const body = new FormData();
	body.set("solution", actions.dataset.solution);
	body.set("helpful", helpful);
	disable(actions, true);
	const answer = await post(ADDRESS, body).catch(() => ({}));
	disable(actions, false);
	const error = document.querySelector(".cronus-solution [role=alert]");
	error.textContent = answer.ok ? "" : answer.text || actions.dataset.failed;
	error.hidden = answer.ok;
	if (!answer.ok) return;
	for (const each of actions.querySelectorAll("[data-helpful], .cronus-solution-question")) each.hidden = true;
	document.querySelector(".cronus-solution-thanks").hidden = false;
}

function disable(actions, disabled) {
	for (const button of actions.querySelectorAll("button")) button.disabled = disabled;
}
