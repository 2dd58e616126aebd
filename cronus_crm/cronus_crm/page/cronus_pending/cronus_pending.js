// The page *Pending*: the pending activities by group, with the actions on each of them.
frappe.provide("cronus_crm");

const SERVER = "cronus_crm.api.pending";
const PAGE_LENGTH = 50;
const escape = frappe.utils.escape_html;

frappe.pages["cronus-pending"].on_page_load = (wrapper) => {
	wrapper.pending_page = new PendingPage(wrapper);
};
frappe.pages["cronus-pending"].on_page_show = (wrapper) => wrapper.pending_page.show();

const overdue_text = (number) => cronus_crm.one_or_many(number, __("1 overdue"), __("{0} overdue", [number]));

class PendingPage {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({
			parent: wrapper,
			title: __("Pending activities"),
			single_column: true,
		});
		this.rows = [];
		this.kind = null;
		this.make();
		this.bind();
		this.add_shortcuts();
	}

	make() {
		this.page.set_primary_action(__("New activity"), () => this.plan_activity(), "add");
		this.page.add_inner_button(__("Agenda"), () =>
			frappe.set_route("List", "Cronus Activity", "Calendar", "default")
		);
		this.page.add_menu_item(__("Keyboard Shortcuts"), () => show_shortcuts());
		this.page.add_action_icon("es-line-reload", () => this.reload(), "", __("Refresh"));
		if (cronus_crm.sees_others()) this.make_seller_field();
		this.body = document.createElement("div");
		this.body.className = "cronus-pending";
		// Not in the template below, where the extraction of messages does not find them.
		const [kinds, groups] = [__("Kind of activity"), __("When")];
		this.body.innerHTML = `
			<div class="pending-kinds" role="group" aria-label="${kinds}"></div>
			<div class="pending-sellers"></div>
			<nav class="pending-groups" aria-label="${groups}"></nav>
			<div class="pending-list" aria-live="polite" aria-busy="true"></div>
			<button type="button" class="btn btn-default btn-sm pending-more hidden">${__("Show more")}</button>
			<p class="pending-keys text-muted small hidden-xs">${keys_hint_html()}</p>`;
		this.page.main.append(this.body);
		const find = (name) => this.body.querySelector(`.pending-${name}`);
		this.parts = Object.fromEntries(
			["kinds", "sellers", "groups", "list", "more"].map((name) => [name, find(name)])
		);
	}

	make_seller_field() {
		this.seller_field = this.page.add_field({
			fieldname: "seller",
			fieldtype: "Link",
			options: "Cronus Seller",
			label: __("Seller"),
			change: () => {
				if (this.seller_field.get_value() === (this.requested_seller || "")) return;
				this.restart();
			},
		});
	}

	bind() {
		this.parts.more.addEventListener("click", () => this.read_more());
		this.body.addEventListener("click", (event) => {
			const find_target = (selector) => event.target.closest(selector);
			if (find_target("[data-kind]")) return this.choose_kind(find_target("[data-kind]").dataset.kind || null);
			if (find_target("[data-seller]")) return this.seller_field.set_value(find_target("[data-seller]").dataset.seller);
			if (find_target("[data-group-link]")) return this.go_to_group(find_target("[data-group-link]").dataset.groupLink);
			const row = find_target(".pending-row");
			if (!row) return;
			this.select(row.dataset.name, { focus: false });
			const action = find_target("[data-action]")?.dataset.action;
			if (action) this.run_action(action, row.dataset.name);
		});
		this.parts.list.addEventListener("focusin", ({ target }) => {
			const row = target.closest(".pending-row");
			if (row) this.select(row.dataset.name, { focus: false });
		});
		// By the character, as the key of the question mark differs between keyboards.
		this.body.addEventListener("keydown", ({ key, target }) => {
			if (key === "?" && !target.matches("input, textarea")) show_shortcuts();
		});
	}

	add_shortcuts() {
		const on_page = () => !document.querySelector(".modal.show");
		const on_row = () => on_page() && this.selected && !document.activeElement.closest("button, a");
		const move = (step) => () => this.move(step);
		const run_action = (action) => () => this.run_action(action, this.selected);
		const keys = [
			["j", move(1), __("Next activity"), on_page],
			["k", move(-1), __("Previous activity"), on_page],
			["down", move(1), null, on_page],
			["up", move(-1), null, on_page],
			["f", run_action("finish"), __("Mark as done"), on_page],
			["p", run_action("postpone"), __("Postpone"), on_page],
			["c", run_action("comment"), __("Comment"), on_page],
			["enter", run_action("open"), __("Open", null, "Action"), on_row],
		];
		for (const [shortcut, action, description, condition] of keys) {
			frappe.ui.keys.add_shortcut({ shortcut, action, description, condition, page: this.page });
		}
	}

	// Called each time that the page is opened: reads the activities anew.
	show() {
		const wanted = frappe.route_options?.kind;
		frappe.route_options = {};
		if (wanted) this.kind = wanted;
		this.reload();
	}

	filters() {
		this.requested_seller = this.seller_field?.get_value() || null;
		return { seller: this.requested_seller, kind: this.kind };
	}

	restart() {
		this.rows = [];
		return this.reload();
	}

	// Reads as many rows again as are shown, and keeps the selected row.
	async reload() {
		const request = (this.request = {});
		const limit = Math.min(Math.max(this.rows.length, PAGE_LENGTH), 200);
		this.parts.list.setAttribute("aria-busy", "true");
		const answer = await call_server("get_overview", { ...this.filters(), limit });
		// The answer is outdated: a later request was sent meanwhile.
		if (request !== this.request) return;
		this.summary = answer.summary;
		this.show_rows(answer.page, []);
	}

	async read_more() {
		const request = this.request;
		this.parts.more.disabled = true;
		try {
			const args = { ...this.filters(), after: JSON.stringify(this.next), limit: PAGE_LENGTH };
			const answer = await call_server("get_page", args);
			if (request === this.request) this.show_rows(answer, this.rows);
		} finally {
			this.parts.more.disabled = false;
		}
	}

	show_rows({ rows, next }, before) {
		const position = Math.max(this.find_index(this.selected), 0);
		const had_focus = this.restores_focus || this.parts.list.contains(document.activeElement);
		this.restores_focus = false;
		const known = new Set(before.map(({ name }) => name));
		this.rows = [...before, ...rows.filter(({ name }) => !known.has(name))];
		this.next = next;
		this.render();
		const ordered = this.list_in_order();
		const stays = this.keeps_place == null && this.find_index(this.selected) >= 0;
		const place = Math.min(this.keeps_place ?? position, ordered.length - 1);
		this.keeps_place = null;
		const name = stays ? this.selected : ordered[place]?.name;
		this.select(name, { focus: had_focus });
	}

	// Rendering

	render() {
		this.parts.kinds.innerHTML = this.kinds_html();
		this.parts.sellers.innerHTML = this.sellers_html();
		this.parts.groups.innerHTML = this.groups_html();
		this.parts.list.innerHTML = this.rows.length ? this.list_html() : this.empty_html();
		this.parts.list.setAttribute("aria-busy", "false");
		this.parts.more.classList.toggle("hidden", !this.next);
	}

	kinds_html() {
		const counts = this.summary.kinds;
		const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
		const chip = (kind, label, count) => `
			<button type="button" class="btn btn-xs ${kind === this.kind ? "btn-primary" : "btn-default"}"
				data-kind="${escape(kind || "")}" aria-pressed="${kind === this.kind}">
				${escape(label)} <span class="pending-count">${count}</span>
			</button>`;
		const shown = KINDS.filter(([kind]) => counts[kind] || kind === this.kind);
		return [chip(null, __("All"), total)]
			.concat(shown.map(([kind, label]) => chip(kind, label(), counts[kind] || 0)))
			.join("");
	}

	sellers_html() {
		const sellers = this.summary.sellers || [];
		if (sellers.length < 2 || this.requested_seller) return "";
		const cell = ({ name, seller_name, count, overdue }) => `
			<button type="button" class="pending-seller" data-seller="${escape(name)}">
				<span>${escape(seller_name)}</span>
				<b>${count}</b>
				${overdue ? `<span class="pending-late">${overdue_text(overdue)}</span>` : ""}
			</button>`;
		const open = this.parts.sellers.querySelector("details")?.open ? "open" : "";
		const late = sellers.reduce((sum, { overdue }) => sum + overdue, 0);
		return `<details ${open}>
				<summary>${__("By seller")} <span class="text-muted">(${sellers.length}${
			late ? `, ${overdue_text(late)}` : ""
		})</span></summary>
				<div class="pending-seller-list">${sellers.map(cell).join("")}</div>
			</details>`;
	}

	groups_html() {
		return GROUPS.map(([group, label]) => {
			const count = this.summary.groups[group];
			return `<button type="button" class="pending-total pending-total-${group}"
					data-group-link="${group}" ${count ? "" : "disabled"}>
					<b>${count}</b><span>${label()}</span>
				</button>`;
		}).join("");
	}

	list_html() {
		return GROUPS.filter(([group]) => this.rows.some((row) => row.group === group))
			.map(
				([group, label]) => `
				<section data-group="${group}" aria-label="${escape(label())}">
					<h4 class="pending-heading">${label()}
						<span class="pending-count">${this.summary.groups[group]}</span></h4>
					<ul>${this.list_rows_of_group(group)
						.map((row) => row_html(row, Boolean(this.summary.sellers)))
						.join("")}</ul>
				</section>`
			)
			.join("");
	}

	empty_html() {
		const narrowed = this.kind || this.requested_seller;
		const text = narrowed
			? __("Nothing pending with these filters.")
			: __("Nothing is pending: all is done. Plan the next call or visit so that no customer is forgotten.");
		const action = narrowed
			? `<button type="button" class="btn btn-default btn-sm" data-kind="">${__("Show all")}</button>`
			: "";
		return `<div class="pending-empty"><p>${text}</p>${action}</div>`;
	}

	list_rows_of_group(group) {
		return this.rows.filter((row) => row.group === group);
	}

	list_in_order() {
		return GROUPS.flatMap(([group]) => this.list_rows_of_group(group));
	}

	find_index(name) {
		return this.list_in_order().findIndex((row) => row.name === name);
	}

	// Selection

	find_element(name) {
		return this.parts.list.querySelector(`.pending-row[data-name="${CSS.escape(name || "")}"]`);
	}

	// Selects a row. Only that one is in the tab order; the arrow keys lead to the others (roving tabindex).
	select(name, { focus = true } = {}) {
		const before = this.parts.list.querySelector(".pending-row[tabindex='0']");
		if (before) {
			before.tabIndex = -1;
			before.removeAttribute("aria-current");
		}
		this.selected = name;
		const element = this.find_element(name);
		if (!element) return;
		element.tabIndex = 0;
		element.setAttribute("aria-current", "true");
		if (focus) element.focus({ preventScroll: false });
	}

	move(step) {
		const rows = this.list_in_order();
		if (!rows.length) return;
		// If the list has no focus, the first key press only gives it to the selected row.
		const focused = this.parts.list.contains(document.activeElement);
		const index = this.find_index(this.selected) + (focused ? step : 0);
		this.select(rows[Math.min(Math.max(index, 0), rows.length - 1)].name);
		if (index >= rows.length - 1 && this.next) this.read_more();
	}

	go_to_group(group) {
		const section = this.parts.list.querySelector(`[data-group="${group}"]`);
		if (!section) {
			if (this.next) this.read_more().then(() => this.go_to_group(group));
			return;
		}
		section.scrollIntoView({ behavior: "smooth", block: "start" });
		this.select(section.querySelector(".pending-row").dataset.name, { focus: false });
	}

	choose_kind(kind) {
		this.kind = kind === this.kind ? null : kind;
		if (!kind) this.seller_field?.set_value("");
		this.restart();
	}

	// Actions

	run_action(action, name) {
		const row = this.rows.find((each) => each.name === name);
		if (!row) return;
		// The dialog had the focus. After it the selection stays where it was, on the row that has taken the place, so that
		// one activity after the other is attended.
		const place = this.find_index(name);
		const after = () => {
			this.restores_focus = true;
			this.keeps_place = place;
			this.reload();
		};
		const actions = {
			finish: () => cronus_crm.activities.finish(name, { after }),
			postpone: () => cronus_crm.activities.postpone(name, { after }),
			comment: () => this.comment(row),
			write: () => write_to(row),
			open: () => frappe.set_route("Form", "Cronus Activity", name),
		};
		actions[action]?.();
	}

	plan_activity() {
		const values = this.requested_seller ? { seller: this.requested_seller } : {};
		cronus_crm.activities.open_dialog(values, { after: () => this.reload() });
	}

	comment(row) {
		const element = this.find_element(row.name);
		if (element.querySelector(".pending-comment")) return;
		const box = document.createElement("div");
		box.className = "pending-comment";
		box.innerHTML = `<div class="pending-comment-text"></div>
			<button type="button" class="btn btn-primary btn-xs" data-comment="add">${__("Comment")}</button>
			<button type="button" class="btn btn-default btn-xs" data-comment="discard">${__("Discard")}</button>`;
		element.append(box);
		const field = make_comment_field(box.querySelector(".pending-comment-text"));
		const close = () => {
			box.remove();
			element.focus();
		};
		const add = async () => {
			const content = field.get_value();
			if (!strip_html(content || "").trim()) return field.quill.focus();
			await add_comment(row.name, content);
			close();
			frappe.show_alert({ message: __("Comment added"), indicator: "green" });
		};
		field.on_submit = add;
		box.querySelector("[data-comment=add]").addEventListener("click", add);
		box.querySelector("[data-comment=discard]").addEventListener("click", close);
		box.addEventListener("keydown", (event) => {
			event.stopPropagation();
			if (event.key === "Escape") close();
		});
		field.quill.focus();
	}
}

// Labels of the groups of pending_activities.py; the boot has their order.
const GROUP_LABELS = {
	overdue: () => __("Overdue activities"),
	today: () => __("Today"),
	tomorrow: () => __("Tomorrow"),
	week: () => __("This week"),
	later: () => __("Later"),
};
const GROUPS = frappe.boot.cronus.pending_groups.map((group) => [group, GROUP_LABELS[group]]);

const KINDS = [
	["Collection", () => __("Collections")],
	["Call", () => __("Calls")],
	["Meeting", () => __("Meetings")],
	["Visit", () => __("Visits")],
	["Message", () => __("Messages")],
	["Follow-up", () => __("Follow-ups")],
	["Task", () => __("Tasks")],
];

async function call_server(method, args) {
	const { message } = await frappe.call({ method: `${SERVER}.${method}`, args, type: "GET" });
	return message;
}

function row_html(row, with_seller) {
	const when = format_when(row);
	const label = `${when.day} ${when.hour} · ${__(row.activity_type)} · ${row.subject}`;
	return `
		<li class="pending-row" tabindex="-1" data-name="${escape(row.name)}" aria-label="${escape(label)}">
			<div class="pending-when"><b>${escape(when.hour)}</b><span>${escape(when.day)}</span></div>
			<div class="pending-what">
				<div>
					<span class="pending-type" ${type_style(row)}>${escape(__(row.activity_type))}</span>
					${row.priority === "High" ? `<span class="pending-urgent">${__("High priority")}</span>` : ""}
					<a class="pending-subject" href="${frappe.utils.get_form_link("Cronus Activity", row.name)}">
						${escape(row.subject)}</a>
				</div>
				<div class="pending-about">${about_html(row, with_seller)}</div>
			</div>
			<div class="pending-actions">${actions_html(row)}</div>
		</li>`;
}

function about_html(row, with_seller) {
	const party = row.customer ? ["Cronus Customer", row.customer] : ["Cronus Prospect", row.prospect];
	const name = row.customer_name || party[1];
	const parts = [];
	if (party[1]) parts.push(cronus_crm.document_link_html(...party, name));
	else if (name) parts.push(escape(name));
	if (row.reference_name) {
		parts.push(cronus_crm.document_link_html(row.reference_doctype, row.reference_name, row.reference_name));
	}
	if (row.place) parts.push(escape(row.place));
	if (row.phone) parts.push(escape(row.phone_shown));
	if (with_seller && row.seller_name) parts.push(`<b>${escape(row.seller_name)}</b>`);
	return parts.map((part) => `<span>${part}</span>`).join("");
}

function actions_html(row) {
	const subject = escape(row.subject);
	const button = (action, icon, label) => `
		<button type="button" class="btn btn-default btn-xs" data-action="${action}" title="${label}"
			aria-label="${label}: ${subject}">${frappe.utils.icon(icon, "sm")}</button>`;
	const call_whom = __("Call {0}", [escape(row.phone_shown)]);
	const call = `
		<a class="btn btn-default btn-xs" href="${cronus_crm.phone_address(row.phone_shown || "")}"
			title="${call_whom}" aria-label="${call_whom}">
			${frappe.utils.icon("call", "sm")}</a>`;
	return [
		`<button type="button" class="btn btn-default btn-xs pending-finish" data-action="finish"
			title="${__("Mark as done")}" aria-label="${__("Finish")}: ${subject}">${__("Finish")}</button>`,
		button("postpone", "es-line-time", __("Postpone")),
		row.phone ? call : "",
		row.email ? button("write", "mail", __("Write to {0}", [escape(row.email)])) : "",
		button("comment", "small-message", __("Comment")),
	].join("");
}

function type_style({ color }) {
	return cronus_crm.colors.style_of(color);
}

// Day and hour of an activity in the user's time zone; the date of a whole day is not converted.
function format_when({ starts_on, all_day }) {
	const start = all_day ? moment(starts_on) : frappe.datetime.convert_to_user_tz(starts_on, false);
	const locale = frappe.boot.lang;
	const date = new Date(start.year(), start.month(), start.date());
	const this_year = date.getFullYear() === new Date().getFullYear();
	const parts = { weekday: "short", day: "numeric", month: "short" };
	if (!this_year) parts.year = "2-digit";
	const day = date.toLocaleDateString(locale, parts);
	return { day, hour: all_day ? __("All day") : start.format("HH:mm") };
}

function write_to(row) {
	const has_account = frappe.boot.email_accounts?.some(({ enable_outgoing }) => enable_outgoing);
	if (!has_account) {
		window.location.href = `mailto:${row.email}?subject=${encodeURIComponent(row.subject)}`;
		return;
	}
	new frappe.views.CommunicationComposer({
		doc: { doctype: "Cronus Activity", name: row.name },
		subject: row.subject,
		recipients: row.email,
	});
}

// The framework's field for comments, in which @name mentions somebody, and Ctrl+Enter submits.
function make_comment_field(parent) {
	const field = frappe.ui.form.make_control({
		parent,
		df: { fieldtype: "Comment", fieldname: "comment", label: __("Comment") },
		enable_mentions: true,
		render_input: true,
		only_input: true,
		no_wrapper: true,
	});
	field.quill.root.setAttribute("aria-label", __("Comment"));
	return field;
}

function add_comment(name, content) {
	return frappe.xcall("frappe.desk.form.utils.add_comment", {
		reference_doctype: "Cronus Activity",
		reference_name: name,
		content,
		comment_email: frappe.session.user,
		comment_by: frappe.session.user_fullname,
	});
}

function keys_hint_html() {
	const keys = [
		["j", __("next")],
		["k", __("previous")],
		["f", __("mark as done")],
		["p", __("postpone")],
		["c", __("comment")],
		["Enter", __("open")],
		["?", __("help")],
	];
	return keys.map(([key, does]) => `<kbd>${key}</kbd> ${does}`).join(" &nbsp; ");
}

function show_shortcuts() {
	frappe.ui.keys.show_keyboard_shortcut_dialog();
}
