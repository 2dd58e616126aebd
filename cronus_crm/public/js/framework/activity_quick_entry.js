// A new activity is written in our dialog wherever the framework offers one: lists, the search bar, link fields,
// connections, and the shortcut of the workspace. The framework looks for a class with this name instead of its own quick
// entry; its form stays behind *Full form*.
const DOCTYPE = "Cronus Activity";

frappe.ui.form.CronusActivityQuickEntryForm = class {
	constructor(_doctype, after_insert, init_callback, doc) {
		Object.assign(this, { after_insert, init_callback, doc });
	}

	setup() {
		return new Promise((resolve) => {
			frappe.model.with_doctype(DOCTYPE, async () => {
				const values = this.read_values();
				const dialog = await cronus_crm.activities.open_dialog(values, { after: (saved) => this.finish(saved) });
				this.init_callback?.(dialog.dialog);
				resolve(this);
			});
		});
	}

	// The framework puts what it knows of a new document into one that is not saved; its defaults are left out.
	read_values() {
		const doc = this.doc || frappe.model.get_new_doc(DOCTYPE, null, null, true);
		const fields = ["activity_type", "starts_on", "seller", "customer", "customer_name", "prospect", "contact", "opportunity"];
		const values = Object.fromEntries(
			[...fields, "reference_doctype", "reference_name"].filter((field) => doc[field]).map((field) => [field, doc[field]])
		);
		frappe.model.clear_doc(DOCTYPE, doc.name);
		frappe.route_options = null;
		if (values.starts_on) values.mode = "planned";
		values.title = values.opportunity || values.prospect || values.customer || values.contact;
		return values;
	}

	async finish({ activity }) {
		if (!frappe._from_link && !this.after_insert) return cur_list?.doctype === DOCTYPE && cur_list.refresh();
		const doc = await frappe.db.get_doc(DOCTYPE, activity);
		if (frappe._from_link) frappe.ui.form.update_calling_link(doc);
		else this.after_insert(doc);
	}
};

const { shortcut: Shortcut } = frappe.widget.widget_factory;

// A shortcut to a new document leads to the form of one.
frappe.widget.widget_factory.shortcut = class extends Shortcut {
	setup_events() {
		if (this.link_to !== DOCTYPE || this.doc_view !== "New") return super.setup_events();
		const open = () => this.in_customize_mode || frappe.new_doc(DOCTYPE);
		this.widget.on("click", open);
		this.widget.on("keydown", ({ key }) => key === "Enter" && open());
	}
};
