// A field of a dialog, fieldtype "Cronus Party": one search over customers, prospects, contacts and opportunities. Its
// value is { doctype, name, label, detail }, or null. df.change: called after a choice.
const SEARCH = "cronus_crm.api.activities.find_parties";
const SHORTEST_TEXT = 2;
const WAIT = 200;

const KINDS = {
	"Cronus Customer": () => __("Customer"),
	"Cronus Prospect": () => __("Prospect"),
	Contact: () => __("Contact"),
	"Cronus Opportunity": () => __("Opportunity"),
};

const escape = frappe.utils.escape_html;

frappe.ui.form.ControlCronusParty = class extends frappe.ui.form.ControlData {
	make_input() {
		super.make_input();
		this.party = null;
		this.hint = document.createElement("div");
		this.hint.className = "small text-muted";
		this.hint.setAttribute("aria-live", "polite");
		this.$input.attr({ placeholder: __("Part of a name, telephone, tax id or number"), autocomplete: "off" }).after(this.hint);
		this.list = new Awesomplete(this.input, {
			minChars: 0,
			maxItems: 20,
			autoFirst: true,
			tabSelect: true,
			filter: () => true,
			sort: false,
			data: (row) => ({ label: row.label, value: `${row.doctype}::${row.name}` }),
			item: (item) => this.draw_item(item.value),
			replace: (item) => this.choose(this.find(item.value)),
		});
		this.$input.on("input", frappe.utils.debounce(() => this.search(), WAIT));
		this.$input.on("input", () => this.forget_unless_same());
		this.$input.on("awesomplete-selectcomplete", () => this.df.change?.());
	}

	async search() {
		const text = this.input.value.trim();
		if (this.party || text.length < SHORTEST_TEXT) return this.offer([], "");
		const { message: rows } = await frappe.call({ method: SEARCH, args: { text }, type: "GET" });
		// Something else has been typed meanwhile.
		if (text !== this.input.value.trim() || this.party) return;
		this.offer(rows, rows.length ? "" : __("Nothing found for {0}.", [text]));
	}

	// Searches a text that was typed elsewhere, and chooses what is found if it is one only.
	async search_for(text) {
		this.input.value = text;
		await this.search();
		if (this.rows.length !== 1) return;
		this.choose(this.rows[0]);
		this.df.change?.();
	}

	offer(rows, hint) {
		this.rows = rows;
		this.hint.textContent = hint;
		this.list.list = rows;
		if (!this.$input.is(":focus")) this.list.close();
	}

	choose(party) {
		this.party = party || null;
		this.input.value = party?.label || "";
		this.offer([], party ? describe(party) : "");
	}

	forget_unless_same() {
		if (!this.party || this.input.value === this.party.label) return;
		this.party = null;
		this.hint.textContent = "";
		this.df.change?.();
	}

	find(value) {
		return this.rows.find(({ doctype, name }) => `${doctype}::${name}` === value);
	}

	draw_item(value) {
		const party = this.find(value);
		const item = document.createElement("li");
		item.setAttribute("role", "option");
		item.innerHTML = `<a><p><strong>${escape(party.label)}</strong><br>
			<span class="small">${escape(describe(party))}</span></p></a>`;
		return item;
	}

	// Text without a choice: nobody knows whom it means.
	has_loose_text() {
		return !this.party && Boolean(this.input.value.trim());
	}

	// The framework's handler of the input takes what is typed for the value.
	parse_validate_and_set_in_model() {
		return Promise.resolve();
	}

	set_value(party) {
		this.choose(party);
		return Promise.resolve();
	}

	set_input(party) {
		if (party) this.choose(party);
	}

	get_value() {
		return this.party;
	}
};

function describe({ doctype, detail }) {
	return [KINDS[doctype](), detail].filter(Boolean).join(" · ");
}
