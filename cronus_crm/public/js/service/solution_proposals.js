// Solutions that may answer a case: in its form while it is written, and in the dialog of the answer. One click puts one into
// the answer, below what was written already.
frappe.provide("cronus_crm.solutions");

const { escape_html: escape } = frappe.utils;
const SERVER = "cronus_crm.api.solutions";
const PANEL = "cronus-proposals";

Object.assign(cronus_crm.solutions, {
	// Shows the panel in a form of a case; of one that is not saved there is nothing to answer yet.
	async show_in_case(frm) {
		if (!frappe.model.can_read("Cronus Solution")) return;
		const field = frm.get_field("description");
		const before = field?.wrapper;
		if (!before) return;
		const panel = ensure_panel(before.parentNode);
		const insert = frm.is_new() || !frm.perm[0].write ? null : (solution) => answer_with(frm, solution);
		await fill(panel, frm.doc, insert);
	},

	// Shows the panel in the dialog of an answer to a case. dialog: has a field `content`.
	async show_in_answer(frm, dialog) {
		if (!frappe.model.can_read("Cronus Solution")) return;
		const panel = ensure_panel(dialog.body);
		await fill(panel, frm.doc, (solution) => insert_into(dialog, frm.doc.name, solution));
	},
});

function ensure_panel(parent) {
	let panel = parent.querySelector(`:scope > .${PANEL}`);
	if (!panel) {
		panel = document.createElement("div");
		panel.className = PANEL;
		parent.append(panel);
	}
	return panel;
}

async function fill(panel, { subject, description, product }, insert) {
	const search = __("Search solutions");
	panel.innerHTML = `
		<div class="cronus-proposals-head">
			<strong>${__("Solutions")}</strong>
			<input type="search" class="form-control input-sm" maxlength="140"
				placeholder="${search}" aria-label="${search}">
		</div>
		<div class="cronus-proposals-list"></div>`;
	const list = panel.querySelector(".cronus-proposals-list");
	const input = panel.querySelector("input");
	const propose = () => frappe.xcall(`${SERVER}.propose`, { subject: subject || "", description: description || "", product });
	const show = async (find) => {
		const asked = (panel.asked = Symbol());
		const found = await find();
		if (panel.asked === asked) draw(list, found, insert, input.value.trim());
	};
	input.addEventListener("keydown", (event) => {
		if (event.key !== "Enter") return;
		// Enter in a dialog would send the answer.
		event.preventDefault();
		event.stopPropagation();
		const text = input.value.trim();
		show(text ? () => frappe.xcall(`${SERVER}.search`, { text }) : propose);
	});
	if (subject || description || product) await show(propose);
}

function draw(list, found, insert, searched) {
	if (!found.length) {
		list.innerHTML = `<p class="text-muted">${searched ? __("No solution has all of these words.") : __("No solution fits yet.")}</p>`;
		return;
	}
	list.replaceChildren(...found.map((solution) => draw_one(solution, insert)));
}

function draw_one(solution, insert) {
	const item = document.createElement("div");
	item.className = "cronus-proposal";
	const used = solution.times_used ? ` · ${__("used {0} times", [solution.times_used])}` : "";
	item.innerHTML = `
		<div>
			<a href="${frappe.utils.get_form_link("Cronus Solution", solution.name)}" target="_blank">${escape(strip_html(solution.question))}</a>
			<span class="text-muted">${escape(__(solution.state, null, "Cronus Solution"))}${used}</span>
			<div class="text-muted small">${escape(solution.excerpt)}</div>
		</div>`;
	if (insert) item.append(draw_button(solution, item, insert));
	return item;
}

function draw_button(solution, item, insert) {
	const button = document.createElement("button");
	button.type = "button";
	button.className = "btn btn-xs btn-default";
	button.textContent = __("Insert into answer");
	button.addEventListener("click", async () => {
		button.disabled = true;
		try {
			await insert(solution.name, item);
		} finally {
			button.disabled = false;
		}
	});
	return button;
}

// Opens the answer with the solution in it.
async function answer_with(frm, solution) {
	const dialog = await cronus_crm.cases.answer(frm, () => frm.reload_doc());
	await insert_into(dialog, frm.doc.name, solution);
}

async function insert_into(dialog, name, solution) {
	const { html, address } = await frappe.xcall(`${SERVER}.use`, { solution, case: name });
	const link = address ? `<p><a href="${escape(frappe.urllib.get_base_url() + address)}">${__("Read it on our page")}</a></p>` : "";
	const written = dialog.get_value("content") || "";
	const has_text = strip_html(written).trim();
	await dialog.set_value("content", (has_text ? written : "") + html + link);
	ask_whether_it_helped(dialog, name, solution);
}

// So that it is known which solutions are worth keeping.
function ask_whether_it_helped(dialog, name, solution) {
	const panel = ensure_panel(dialog.body);
	panel.querySelector(".cronus-proposal-opinion")?.remove();
	const row = document.createElement("div");
	row.className = "cronus-proposal-opinion";
	row.append(`${__("Does this solution fit the case?")} `);
	for (const [label, helpful] of [[__("Yes"), 1], [__("No"), 0]]) {
		const button = document.createElement("button");
		button.type = "button";
		button.className = "btn btn-xs btn-default mr-2";
		button.textContent = label;
		button.addEventListener("click", async () => {
			await frappe.xcall(`${SERVER}.rate`, { solution, case: name, helpful });
			row.textContent = __("Thank you: it is counted.");
		});
		row.append(button);
	}
	panel.append(row);
}

frappe.ui.form.on("Cronus Case", {
	refresh: (frm) => cronus_crm.solutions.show_in_case(frm),
	// While it is written.
	subject: (frm) => cronus_crm.solutions.show_in_case(frm),
	product: (frm) => cronus_crm.solutions.show_in_case(frm),
});
