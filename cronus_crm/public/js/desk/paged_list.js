// A list in a form that is read page by page: chips and fields to narrow it, rows, and a button for more.
frappe.provide("cronus_crm");

const escape = frappe.utils.escape_html;

cronus_crm.PagedList = class {
	// parent: element that it fills.
	// chips: [{ value, label }], of which several can be chosen; none means all.
	// fields: docfields of what narrows it further.
	// load({ chips, values, before }) gives { rows, next }; row(row, answer) gives the markup of one.
	// head: markup above the rows. empty: what to say, and what to do, where there are none.
	constructor({ parent, chips = [], fields = [], load, row, head = "", empty }) {
		Object.assign(this, { parent, chips, fields, load, row, head, empty });
		this.chosen = new Set();
		this.controls = [];
		this.make();
		this.restart();
	}

	make() {
		this.parent.innerHTML = `
			<div class="paged-list">
				<div class="paged-list-chips d-flex flex-wrap mb-2" role="group"></div>
				<div class="paged-list-fields d-flex flex-wrap"></div>
				<div class="paged-list-rows"></div>
				<button type="button" class="btn btn-default btn-sm paged-list-more mt-2 hidden">
					${__("Show more")}
				</button>
			</div>`;
		this.rows = this.parent.querySelector(".paged-list-rows");
		this.more = this.parent.querySelector(".paged-list-more");
		this.more.addEventListener("click", () => this.read());
		this.make_chips();
		this.make_fields();
	}

	make_chips() {
		const group = this.parent.querySelector(".paged-list-chips");
		const all = { value: "", label: __("All") };
		group.innerHTML = (this.chips.length ? [all, ...this.chips] : [])
			.map(
				({ value, label }) =>
					`<button type="button" class="btn btn-xs btn-default mr-2 mb-2" data-chip="${escape(value)}">
						${escape(label)}
					</button>`
			)
			.join("");
		group.addEventListener("click", ({ target }) => {
			const chip = target.closest("[data-chip]");
			if (chip) this.choose(chip.dataset.chip);
		});
		this.show_chosen();
	}

	choose(value) {
		if (!value) this.chosen.clear();
		else if (!this.chosen.delete(value)) this.chosen.add(value);
		this.show_chosen();
		this.restart();
	}

	show_chosen() {
		for (const chip of this.parent.querySelectorAll("[data-chip]")) {
			const value = chip.dataset.chip;
			const on = value ? this.chosen.has(value) : !this.chosen.size;
			chip.classList.toggle("btn-primary", on);
			chip.classList.toggle("btn-default", !on);
			chip.setAttribute("aria-pressed", on);
		}
	}

	make_fields() {
		const parent = this.parent.querySelector(".paged-list-fields");
		for (const df of this.fields) {
			const cell = document.createElement("div");
			cell.className = "mr-2";
			// Two fit beside each other on a telephone.
			cell.style.width = "145px";
			parent.append(cell);
			const control = frappe.ui.form.make_control({ df, parent: cell, render_input: true });
			control.df.change = () => this.restart_when_changed();
			this.controls.push(control);
		}
	}

	values() {
		return Object.fromEntries(
			this.controls.map((control) => [control.df.fieldname, control.get_value() || null])
		);
	}

	// A control tells of a change more than once.
	restart_when_changed() {
		if (JSON.stringify(this.values()) !== this.asked) this.restart();
	}

	restart() {
		this.next = null;
		this.asked = JSON.stringify(this.values());
		this.rows.innerHTML = `<p class="text-muted">${__("Loading...")}</p>`;
		return this.read(true);
	}

	async read(from_the_start = false) {
		const turn = (this.turn = {});
		this.more.disabled = true;
		try {
			const answer = await this.load({
				chips: [...this.chosen],
				values: this.values(),
				before: from_the_start ? null : this.next,
			});
			// What was asked before the last change of a filter is no longer wanted.
			if (turn === this.turn) this.show(answer, from_the_start);
		} finally {
			if (turn === this.turn) this.more.disabled = false;
		}
	}

	show(answer, from_the_start) {
		if (from_the_start) this.rows.innerHTML = answer.rows.length ? this.head : "";
		if (from_the_start && !answer.rows.length) {
			this.rows.innerHTML = `<p class="text-muted py-3">${escape(this.empty())}</p>`;
		}
		const list = this.rows.querySelector("[data-rows]") || this.rows;
		list.insertAdjacentHTML("beforeend", answer.rows.map((row) => this.row(row, answer)).join(""));
		this.next = answer.next;
		this.more.classList.toggle("hidden", !answer.next);
	}

	narrowed() {
		return this.chosen.size > 0 || Object.values(this.values()).some(Boolean);
	}
};

// A link to a document; its text alone where the user may not open it.
cronus_crm.link_to = function (doctype, name, text) {
	if (!frappe.model.can_read(doctype)) return escape(text);
	return `<a href="${frappe.utils.get_form_link(doctype, name)}">${escape(text)}</a>`;
};
