// Step 3 of the guide: sellers and their users, one row each.
const escape = frappe.utils.escape_html;
const EMPTY_ROWS = 3;
const LIST = "first-day-names";

const ROLE_LABELS = {
	Seller: () => __("Seller"),
	"Sales manager": () => __("Sales manager"),
	Billing: () => __("Billing", null, "Role"),
	Service: () => __("Service (answers cases)"),
	"Service lead": () => __("Service lead"),
	Management: () => __("Management (figures only)"),
	Administrator: () => __("Administrator of the CRM"),
};

// What the column of addresses is called in sheets
const HEADING = /^\s*(e-?mail|mail|correo)/i;

const COLUMNS = [
	["name", () => __("Name")],
	["email", () => __("E-mail")],
	["role", () => __("Role")],
	["reports_to", () => __("Reports to")],
];

class PeopleTable {
	constructor(parent, { people, roles }) {
		this.roles = roles;
		this.table = document.createElement("table");
		this.table.className = "first-day-people";
		const heads = COLUMNS.map(([, label]) => `<th scope="col">${escape(label())}</th>`).join("");
		this.table.innerHTML = `<thead><tr><th></th>${heads}</tr></thead><tbody></tbody>`;
		this.names = document.createElement("datalist");
		this.names.id = LIST;
		parent.append(this.table, this.names);
		this.rows = [];
		people.forEach((person) => this.add(person));
		for (let number = 0; number < (people.length ? 1 : EMPTY_ROWS); number++) this.add();
		this.table.addEventListener("paste", (event) => this.paste(event));
		this.table.addEventListener("input", () => this.list_names());
		this.list_names();
	}

	add(values = {}) {
		const line = document.createElement("tr");
		const number = this.rows.length + 1;
		const options = this.roles
			.map((role) => `<option value="${escape(role)}">${escape(ROLE_LABELS[role]?.() || role)}</option>`)
			.join("");
		const control = (key, label) =>
			key === "role"
				? `<select class="form-control" data-key="role" aria-label="${escape(label())} ${number}">${options}</select>`
				: `<input class="form-control" data-key="${key}" type="${key === "email" ? "email" : "text"}"
					${key === "reports_to" ? `list="${LIST}"` : ""} autocomplete="off"
					placeholder="${escape(label())}" aria-label="${escape(label())} ${number}">`;
		const cells = COLUMNS.map(([key, label]) => `<td>${control(key, label)}</td>`).join("");
		line.innerHTML = `<td>${number}</td>${cells}`;
		for (const [key] of COLUMNS) {
			if (values[key]) line.querySelector(`[data-key="${key}"]`).value = values[key];
		}
		const message = document.createElement("div");
		message.className = "first-day-row-message";
		message.setAttribute("role", "status");
		line.cells[1].append(message);
		this.table.tBodies[0].append(line);
		this.rows.push({ line, message });
		return line;
	}

	read() {
		return this.rows.map(({ line }) =>
			Object.fromEntries(COLUMNS.map(([key]) => [key, line.querySelector(`[data-key="${key}"]`).value.trim()]))
		);
	}

	list_names() {
		const names = this.read().map(({ name }) => name).filter(Boolean);
		this.names.innerHTML = names.map((name) => `<option value="${escape(name)}"></option>`).join("");
		// There is always an empty row to go on with.
		const last = this.read().at(-1);
		if (last.name || last.email) this.add();
	}

	// Rows of a sheet: name, e-mail, role, reports to, from the field in which they are pasted.
	paste(event) {
		const text = event.clipboardData?.getData("text/plain") || "";
		if (!text.includes("\t")) return;
		event.preventDefault();
		const first = this.rows.findIndex(({ line }) => line.contains(event.target));
		const key = event.target.dataset.key;
		const start = COLUMNS.findIndex(([name]) => name === key);
		const lines = text.split(/\r?\n/).filter((line) => line.trim());
		const email = (lines[0] || "").split("\t")[1 - start] || "";
		// The headings of the sheet, when they were copied with the rows
		if (start <= 1 && HEADING.test(email) && !email.includes("@")) lines.shift();
		lines.forEach((line, offset) => {
			while (this.rows.length <= first + offset) this.add();
			line.split("\t").forEach((cell, place) => this.fill(first + offset, COLUMNS[start + place]?.[0], cell.trim()));
		});
		this.list_names();
	}

	fill(number, key, value) {
		if (!key || !value) return;
		const field = this.rows[number].line.querySelector(`[data-key="${key}"]`);
		if (key !== "role") {
			field.value = value;
			return;
		}
		const role = find_role(this.roles, value);
		// Another word stays in sight, and the server says that there is no such role: nobody becomes a seller by mistake.
		if (!role) field.add(new Option(value, value));
		field.value = role || value;
	}

	// What became of each row stands below its name; passwords only here, once.
	tell(outcomes) {
		outcomes.forEach((outcome, number) => {
			const { message } = this.rows[number];
			// A password that was told stays in sight when the rows are saved again.
			const told = message.querySelector(".first-day-password")?.textContent;
			if (outcome.outcome === "unchanged" && told) return;
			const wrong = outcome.outcome === "error";
			message.className = `first-day-row-message ${wrong ? "is-wrong" : "is-made"}`;
			message.innerHTML = outcome_html(outcome);
			if (told && !outcome.password) message.innerHTML += `<br>${password_html(told)}`;
			this.rows[number].line.querySelectorAll("input").forEach((input) => input.setAttribute("aria-invalid", wrong));
		});
	}
}

// A role by its name here or in English, also without accents, cut short or with the ending of a woman: “vendedora”.
function find_role(roles, value) {
	const wanted = simplify(value);
	const labels = (role) => [role, ROLE_LABELS[role]?.() || role].map(simplify);
	const exact = roles.find((role) => labels(role).includes(wanted));
	if (exact || wanted.length < 4) return exact;
	const near = roles.filter((role) => labels(role).some((label) => label.startsWith(wanted) || wanted.startsWith(label)));
	return near.length === 1 ? near[0] : undefined;
}

const simplify = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").trim();

const password_html = (password) => __("Password: {0}", [`<b class="first-day-password">${escape(password)}</b>`]);

function outcome_html({ outcome, message, password, mailed }) {
	if (outcome === "error") return escape(message);
	if (password) return password_html(password);
	if (mailed) return escape(__("A mail was sent, by which they choose a password."));
	if (outcome === "created") return escape(__("Made"));
	if (outcome === "changed") return escape(__("Changed"));
	return outcome === "unchanged" ? escape(__("Was there already")) : "";
}

cronus_crm.first_day.steps.sellers = {
	title: () => __("Your sellers and their users"),
	why: () =>
		__("One row for each person who signs in. Whoever others report to sees what they have. You can paste rows of a sheet: name, e-mail, role, reports to."),
	render(body, actions, page) {
		const table = new PeopleTable(body, page.data);
		const note = document.createElement("p");
		note.className = "text-muted small";
		note.textContent = page.data.mail
			? __("New users get a mail, by which they choose a password.")
			: __("There is no mail account yet: the passwords of new users are shown here once. Write them down before you leave the page.");
		body.append(note);
		const go_on = cronus_crm.first_day.make_button(__("Go on"), "default", () => page.reload());
		go_on.hidden = true;
		actions.append(
			cronus_crm.first_day.make_button(__("Save these people"), "primary", async () => {
				const outcomes = await cronus_crm.first_day.call("save_people", { rows: table.read() });
				table.tell(outcomes);
				const failed = outcomes.filter(({ outcome }) => outcome === "error").length;
				const told = body.querySelector(".first-day-password");
				go_on.hidden = false;
				if (failed) {
					frappe.show_alert({ message: __("Rows that could not be saved: {0}. The others are saved.", [failed]), indicator: "red" });
				} else if (!told) {
					page.reload();
				}
			}),
			go_on
		);
	},
};
