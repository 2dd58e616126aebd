// A list in a form, read page by page: filters (chips and fields), rows, and a button for the next page.
frappe.provide("cronus_crm");

const escape = frappe.utils.escape_html;

cronus_crm.PagedList = class {
	// parent: element to fill.
	// chips: [{ value, label }], of which several can be chosen; none means all.
	// fields: docfields of further filters.
	// load({ chips, values, before }): promise of { rows, next }; before is the `next` of the page before.
	// row(row, answer): HTML of a row. head: HTML around them, with the element `data-rows` for the rows.
	// empty(): text for a list without rows.
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
			// Two fit beside each other on a phone.
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

	// A control calls `change` more than once for one change.
	restart_when_changed() {
		if (JSON.stringify(this.values()) !== this.loaded_values) this.restart();
	}

	restart() {
		this.next = null;
		this.loaded_values = JSON.stringify(this.values());
		this.rows.innerHTML = `<p class="text-muted">${__("Loading...")}</p>`;
		return this.read(true);
	}

	async read(is_first_page = false) {
		const request = (this.request = {});
		this.more.disabled = true;
		try {
			const answer = await this.load({
				chips: [...this.chosen],
				values: this.values(),
				before: is_first_page ? null : this.next,
			});
			// The answer is outdated if a later request was sent meanwhile.
			if (request === this.request) this.show(answer, is_first_page);
		} finally {
			if (request === this.request) this.more.disabled = false;
		}
	}

	show(answer, is_first_page) {
		if (is_first_page) this.rows.innerHTML = answer.rows.length ? this.head : "";
		if (is_first_page && !answer.rows.length) {
			this.rows.innerHTML = `<p class="text-muted py-3">${escape(this.empty())}</p>`;
		}
		const list = this.rows.querySelector("[data-rows]") || this.rows;
		list.insertAdjacentHTML("beforeend", answer.rows.map((row) => this.row(row, answer)).join(""));
		this.next = answer.next;
		this.more.classList.toggle("hidden", !answer.next);
	}

	is_narrowed() {
		return this.chosen.size > 0 || Object.values(this.values()).some(Boolean);
	}
};

// HTML of a link to a document; only the text if the user may not read it.
cronus_crm.document_link_html = function (doctype, name, text) {
	if (!frappe.model.can_read(doctype)) return escape(text);
	return `<a href="${frappe.utils.get_form_link(doctype, name)}">${escape(text)}</a>`;
};
