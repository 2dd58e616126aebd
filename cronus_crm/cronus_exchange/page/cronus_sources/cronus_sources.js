// The page *Sources*: the ERPs that tell their records, what they have told lately, and what people decide about it.
frappe.provide("cronus_crm");

const escape = frappe.utils.escape_html;
const call = (method, args) => frappe.xcall(`cronus_crm.api.exchange.${method}`, args);

frappe.pages["cronus-sources"].on_page_load = (wrapper) => {
	wrapper.sources_page = new SourcesPage(wrapper);
};
frappe.pages["cronus-sources"].on_page_show = (wrapper) => wrapper.sources_page.show();

// The word for one kind of record that is told.
const KINDS = {
	Customer: () => __("Customer"),
	Branch: () => __("Branch"),
	Contact: () => __("Contact"),
	Product: () => __("Product"),
	Price: () => __("Price"),
	Balance: () => __("Balance"),
	Document: () => __("Document"),
};

const RUN_STATES = {
	Running: () => [__("Running"), "orange"],
	Done: () => [__("Done"), "green"],
	Refused: () => [__("Refused"), "red"],
};

// Lists of a source: what they are called, what they are for, what stands there when they are empty.
const LISTS = {
	drift: {
		label: () => __("Differences"),
		count: ({ counts }) => counts.Differs,
		hint: () =>
			__(
				"What the ERP tells and what stands here are not the same. Take theirs writes their value here; take ours keeps what stands here until the ERP tells another value."
			),
		empty: () => __("Nothing differs."),
	},
	Refused: {
		label: () => __("Refused rows"),
		count: ({ counts }) => counts.Refused,
		hint: () => __("These rows did not go in. Mend them in the ERP, and ask for them again."),
		empty: () => __("No row was refused."),
	},
	Waiting: {
		label: () => __("Waiting rows"),
		count: ({ counts }) => counts.Waiting,
		hint: () => __("These rows name records that the ERP has not told yet. They go in by themselves as soon as it does."),
		empty: () => __("No row waits."),
	},
	runs: {
		label: () => __("Last runs"),
		count: () => null,
		hint: () => __("Each batch that the ERP has sent, the newest first."),
		empty: () => __("Nothing has come yet."),
	},
};

const moment_html = (value) => (value ? frappe.datetime.comment_when(value) : "");
const indicator_html = (label, color) => `<span class="indicator-pill ${color}">${escape(label)}</span>`;
const number = (value) => format_number(value || 0, null, 0);

class SourcesPage {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({ parent: wrapper, title: __("Sources"), single_column: true });
		this.list = "drift";
		this.page.set_secondary_action(__("New source"), () => frappe.new_doc("Cronus Source"), "add");
		this.page.add_action_icon("es-line-reload", () => this.reload(), "", __("Refresh"));
		this.page.add_menu_item(__("All runs"), () => frappe.set_route("List", "Cronus Exchange Run"));
		this.page.add_menu_item(__("Settings of the sources"), () => frappe.set_route("List", "Cronus Source"));
		this.body = document.createElement("div");
		this.body.className = "cronus-sources";
		// Not in the template below, where the extraction of messages does not find it.
		const label = __("Sources");
		this.body.innerHTML = `
			<div class="source-cards" role="group" aria-label="${label}"></div>
			<div class="source-detail" aria-live="polite"></div>`;
		this.page.main.append(this.body);
		this.cards = this.body.querySelector(".source-cards");
		this.detail = this.body.querySelector(".source-detail");
		this.body.addEventListener("click", (event) => this.on_click(event));
	}

	// Called each time that the page is opened. Options of the route: source, list.
	show() {
		const { source, list } = frappe.route_options || {};
		// Empty, as the side bar of Frappe 16 reads them afterwards.
		frappe.route_options = {};
		if (source) this.chosen = source;
		if (LISTS[list]) this.list = list;
		return this.reload();
	}

	async reload() {
		const request = (this.request = {});
		const sources = await call("list_sources");
		// The answer is outdated: a later request was sent meanwhile.
		if (request !== this.request) return;
		this.sources = sources;
		if (!this.source()) this.chosen = sources[0]?.name;
		this.cards.innerHTML = sources.map((source) => this.card_html(source)).join("");
		if (!sources.length) {
			this.detail.innerHTML = empty_html(
				__("No ERP tells its records yet. Make a source, and give its program a user with the role Cronus Integrator.")
			);
			return;
		}
		await this.show_detail();
	}

	source() {
		return this.sources?.find(({ name }) => name === this.chosen);
	}

	// Requests of buttons: one at a time, and the page anew after it.
	async run(button, work) {
		button.disabled = true;
		try {
			await work();
			await this.reload();
		} finally {
			button.disabled = false;
		}
	}

	async on_click({ target }) {
		const find = (selector) => target.closest(selector);
		const card = find("[data-source]");
		if (card) return this.choose({ chosen: card.dataset.source });
		const tab = find("[data-list]");
		if (tab) return this.choose({ list: tab.dataset.list });
		const button = find("button[data-action]");
		if (button) return this[button.dataset.action](button);
	}

	choose(change) {
		Object.assign(this, change);
		for (const card of this.cards.querySelectorAll("[data-source]")) {
			card.setAttribute("aria-pressed", card.dataset.source === this.chosen);
		}
		return this.show_detail();
	}

	// Actions of buttons, by their `data-action`

	switch_source(button) {
		const { name, enabled } = this.source();
		const question = enabled
			? __("Switch off {0}? Nothing of it is accepted from now on, and its fields can be changed here.", [name.bold()])
			: __("Switch on {0}? It is accepted again, and what it owns can no longer be changed here.", [name.bold()]);
		frappe.confirm(question, () =>
			this.run(button, () => call("switch_source", { source: name, is_on: enabled ? 0 : 1 }))
		);
	}

	async fetch_files(button) {
		await this.run(button, () => call("fetch_files", { source: this.chosen }));
		frappe.show_alert({ message: __("Its files are being fetched. Refresh the page in a moment."), indicator: "green" });
	}

	open_settings() {
		frappe.set_route("Form", "Cronus Source", this.chosen);
	}

	take_theirs(button) {
		return this.decide(button, "take_theirs");
	}

	take_ours(button) {
		return this.decide(button, "take_ours");
	}

	decide(button, method) {
		const { name, fields } = button.dataset;
		return this.run(button, () => call(method, { name, fieldnames: fields }));
	}

	ask_again(button) {
		return this.ask(button, [button.dataset.name]);
	}

	ask_all(button) {
		const names = [...this.detail.querySelectorAll("li[data-name]")].map((row) => row.dataset.name);
		return this.ask(button, names);
	}

	async ask(button, names) {
		await this.run(button, () => call("ask_again", { names }));
		frappe.show_alert({
			message: cronus_crm.one_or_many(
				names.length,
				__("The ERP is asked for it, and finds it when it asks what has changed."),
				__("The ERP is asked for {0} records, and finds them when it asks what has changed.", [names.length])
			),
			indicator: "green",
		});
	}

	async show_more(button) {
		button.disabled = true;
		await this.read_list(this.next);
	}

	// Rendering

	card_html(source) {
		const { name, counts, asked } = source;
		const fact = (value, label, bad) =>
			value ? `<span class="${bad ? "source-bad" : ""}"><b>${number(value)}</b> ${escape(label)}</span>` : "";
		return `
			<button type="button" class="source-card" data-source="${escape(name)}"
				aria-pressed="${name === this.chosen}">
				<span class="source-name"><span>${escape(name)}</span>${indicator_html(...state_of(source))}</span>
				<span class="source-facts">${told_html(source)}</span>
				<span class="source-facts">
					${fact(counts["In Step"], __("in step", null, "Rows"))}
					${fact(counts.Differs, __("differ", null, "Rows"), true)}
					${fact(counts.Refused, __("refused", null, "Rows"), true)}
					${fact(counts.Waiting, __("wait", null, "Rows"))}
					${fact(asked, __("asked for", null, "Rows"))}
				</span>
			</button>`;
	}

	async show_detail() {
		const source = this.source();
		const switch_label = source.enabled ? __("Switch off") : __("Switch on");
		const lists = __("Lists of the source");
		this.detail.innerHTML = `
			<div class="source-head">
				<h3>${escape(source.name)}</h3>
				${source.user ? `<span class="text-muted">${escape(frappe.user.full_name(source.user))}</span>` : ""}
				<span class="source-space"></span>
				${fetch_html(source)}
				<button type="button" class="btn btn-sm btn-default" data-action="switch_source">${switch_label}</button>
				<button type="button" class="btn btn-sm btn-default" data-action="open_settings">${__("Settings")}</button>
			</div>
			${source.files_error ? `<p class="source-bad">${escape(source.files_error)}</p>` : ""}
			<div class="source-tabs" role="group" aria-label="${lists}">${this.tabs_html(source)}</div>
			<p class="source-hint">${escape(LISTS[this.list].hint())}</p>
			<ul class="source-rows" aria-busy="true"></ul>
			<button type="button" class="btn btn-default btn-sm source-more hidden" data-action="show_more">
				${__("Show more")}
			</button>`;
		this.rows = this.detail.querySelector(".source-rows");
		this.more = this.detail.querySelector(".source-more");
		await this.read_list("");
	}

	tabs_html(source) {
		return Object.entries(LISTS)
			.map(([name, { label, count }]) => {
				const found = count(source);
				const chosen = name === this.list;
				return `<button type="button" class="source-tab btn btn-xs ${chosen ? "btn-primary" : "btn-default"}"
					data-list="${name}" aria-pressed="${chosen}">
					${escape(label())}${found === null ? "" : ` <span>${number(found)}</span>`}
				</button>`;
			})
			.join("");
	}

	async read_list(after) {
		const request = (this.reading = {});
		const { rows, next } = await read_page(this.list, this.chosen, after);
		if (request !== this.reading) return;
		const row_html = { drift: drift_html, runs: run_html }[this.list] || waiting_html;
		if (!after && !rows.length) this.rows.innerHTML = empty_html(LISTS[this.list].empty());
		this.rows.insertAdjacentHTML("beforeend", rows.map((row) => row_html(row, this.chosen)).join(""));
		this.rows.setAttribute("aria-busy", "false");
		this.next = next;
		this.more.disabled = false;
		this.more.classList.toggle("hidden", !next);
		if (!after && rows.length > 1 && this.list !== "runs") this.add_ask_all();
	}

	add_ask_all() {
		const button = document.createElement("button");
		button.type = "button";
		button.className = "btn btn-xs btn-default source-ask-all";
		button.dataset.action = "ask_all";
		button.textContent = __("Ask again for all that are shown");
		this.detail.querySelector(".source-hint").after(button);
	}
}

async function read_page(list, source, after) {
	if (list === "drift") return call("list_drift", { source, after });
	if (list === "runs") return { rows: await call("list_runs", { source }), next: null };
	return call("list_rows", { source, state: list, after });
}

function state_of({ enabled, silent_since, is_watched }) {
	if (!enabled) return [__("Off", null, "Cronus Source"), "gray"];
	if (silent_since) return [__("Silent", null, "Cronus Source"), "red"];
	return [__("On", null, "Cronus Source"), is_watched ? "green" : "blue"];
}

function told_html({ last_told_on }) {
	if (!last_told_on) return escape(__("It has told nothing yet."));
	return `${escape(__("Told"))} ${moment_html(last_told_on)}`;
}

function fetch_html({ has_files, enabled }) {
	if (!has_files || !enabled) return "";
	return `<button type="button" class="btn btn-sm btn-default" data-action="fetch_files">${__("Fetch files now")}</button>`;
}

const empty_html = (text) => `<p class="source-empty">${escape(text)}</p>`;

const button_html = (label, action, data, name) => `
	<button type="button" class="btn btn-xs btn-default" data-action="${action}" ${data}
		aria-label="${escape(name)}">${escape(label)}</button>`;

function asked_html(row, title) {
	if (row.asked_on) return `<span class="text-muted small">${escape(__("Asked for"))} ${moment_html(row.asked_on)}</span>`;
	const label = __("Ask again");
	return button_html(label, "ask_again", `data-name="${row.name}"`, `${label}: ${title}`);
}

const kind_text = (kind) => KINDS[kind]?.() || kind;

function drift_html(row, source) {
	return `
		<li class="source-row" data-name="${row.name}">
			<div class="source-row-title">
				${cronus_crm.document_link_html(row.doctype, row.record, row.title || row.record)}
				<div class="source-row-note">${escape(kind_text(row.kind))} · ${escape(source)} ${escape(row.external_id)}</div>
			</div>
			<div class="source-actions">${asked_html(row, row.title)}</div>
			<div class="source-fields">${row.fields.map((field) => field_html(row, field, source)).join("")}</div>
		</li>`;
}

function field_html(row, field, source) {
	const data = `data-name="${row.name}" data-fields="${escape(JSON.stringify([field.fieldname]))}"`;
	const nothing = `<i class="text-muted">${escape(__("Nothing"))}</i>`;
	const [theirs, ours] = [__("Take theirs"), __("Take ours")];
	const about = `${field.label}, ${row.title}`;
	return `
		<div class="source-field">
			<div class="source-field-label">
				<b>${escape(field.label)}</b>
				<div class="source-row-note">${moment_html(field.since)}</div>
				${owner_html(field)}
			</div>
			<div class="source-side"><span>${escape(source)}</span>${escape(field.theirs) || nothing}</div>
			<div class="source-side"><span>${escape(__("Here"))}</span>${escape(field.ours) || nothing}</div>
			<div class="source-actions">
				${field.owner ? "" : button_html(theirs, "take_theirs", data, `${theirs}: ${about}`)}
				${button_html(ours, "take_ours", data, `${ours}: ${about}`)}
			</div>
		</div>`;
}

// Whose the value is that stands here, where that is another source.
function owner_html(field) {
	if (!field.owner) return "";
	return `<div class="source-row-note">${escape(__("It belongs to {0}.", [field.owner]))}</div>`;
}

function waiting_html(row) {
	const title = `${kind_text(row.kind)} ${row.external_id}`;
	const link = row.record_name
		? ` · ${cronus_crm.document_link_html(row.record_doctype, row.record_name, row.record_name)}`
		: "";
	const reason = row.waits_for ? __("Waits for {0}", [awaited_text(row.waits_for)]) : row.reason;
	const code = row.code && !row.waits_for ? `<code>${escape(row.code)}</code> ` : "";
	return `
		<li class="source-row" data-name="${row.name}">
			<div class="source-row-title">
				<b>${escape(title)}</b>${link}
				<div>${code}${escape(reason || "")}</div>
				<div class="source-row-note">${moment_html(row.waits_since || row.told_on)}</div>
			</div>
			<div class="source-actions">${asked_html(row, title)}</div>
		</li>`;
}

// What a row waits for, which is kept as the ERP says it: "product A-1".
function awaited_text(awaited) {
	const [kind, ...external_id] = awaited.split(" ");
	return [kind_text(frappe.utils.to_title_case(kind)), ...external_id].join(" ");
}

// What a run has counted: fields, and their words.
const COUNTS = [
	["rows_created", () => __("created", null, "Rows")],
	["rows_updated", () => __("updated", null, "Rows")],
	["rows_unchanged", () => __("unchanged", null, "Rows")],
	["rows_older", () => __("older", null, "Rows")],
	["rows_waiting", () => __("wait", null, "Rows")],
	["rows_refused", () => __("refused", null, "Rows"), true],
];

const ORIGINS = {
	Request: () => __("Request"),
	File: () => __("File"),
	"Waiting rows": () => __("Waiting rows"),
};

function run_html(run) {
	const [label, color] = RUN_STATES[run.state]?.() || [run.state, "gray"];
	const counts = COUNTS.filter(([fieldname]) => run[fieldname]).map(
		([fieldname, word, bad]) =>
			`<span class="${bad ? "source-bad" : ""}"><b>${number(run[fieldname])}</b> ${escape(word())}</span>`
	);
	const about = [
		ORIGINS[run.origin]?.() || run.origin,
		run.is_history ? __("History", null, "Cronus Exchange Run") : "",
		run.user ? frappe.user.full_name(run.user) : "",
	].filter(Boolean);
	return `
		<li class="source-row">
			<div class="source-row-title">
				${cronus_crm.document_link_html("Cronus Exchange Run", run.name, run.batch)}
				${indicator_html(label, color)}
				<div class="source-facts">${counts.join("")}</div>
				${run.message ? `<div>${escape(run.message)}</div>` : ""}
				<div class="source-row-note">${about.map(escape).join(" · ")}</div>
			</div>
			<div class="source-row-note">${moment_html(run.began_on)}</div>
		</li>`;
}
