// Steps 4 to 6 of the guide: products and customers, the mail account, a first proforma.
const escape = frappe.utils.escape_html;
const { make_button, make_fields } = cronus_crm.first_day;

const TARGETS = [
	["Products", () => __("Products"), "Cronus Product"],
	["Customers", () => __("Customers"), "Cronus Customer"],
];

const template_url = (target) =>
	`/api/method/cronus_crm.api.imports.download_template?${new URLSearchParams({ target, contents: "Examples" })}`;

cronus_crm.first_day.steps.records = {
	title: () => __("Your products and customers"),
	why: () =>
		__("From a file of yours, or copied from a sheet. You see what was understood before anything is written, and an import can be undone."),
	render(body, actions, page) {
		for (const [target, label, doctype] of TARGETS) {
			const line = document.createElement("div");
			line.className = "first-day-actions";
			const name = document.createElement("b");
			name.textContent = label();
			name.style.minWidth = "90px";
			line.append(
				name,
				make_button(__("Import a file"), "default", () => frappe.new_doc("Cronus Customer Import", { target })),
				make_button(__("Download the template"), "default", () => window.open(template_url(target))),
				make_button(__("One by one"), "default", () => frappe.new_doc(doctype))
			);
			body.append(line);
		}
		const group = make_fields(body, [
			{ fieldtype: "Section Break", label: __("Or paste a sheet") },
			{
				fieldname: "target",
				fieldtype: "Select",
				label: __("These are"),
				options: TARGETS.map(([value, label]) => ({ value, label: label() })),
				default: cronus_crm.first_day.pasted === "Products" ? "Customers" : "Products",
			},
			{
				fieldname: "text",
				fieldtype: "Small Text",
				label: __("Copied cells, with the headings"),
				description: __("In your sheet: choose the cells, Ctrl+C. Here: Ctrl+V."),
			},
		]);
		actions.append(
			make_button(__("Read what I pasted"), "primary", async () => {
				const { target, text } = group.get_values(true);
				const name = await cronus_crm.first_day.call("paste_sheet", { target, text: text || "" });
				// The import leads back here, and the other sheet comes next.
				cronus_crm.first_day.pasted = target;
				frappe.set_route("Form", "Cronus Customer Import", name);
			})
		);
	},
};

// Server and port of services that many have.
const SERVICES = {
	Gmail: ["smtp.gmail.com", 587, "TLS"],
	Outlook: ["smtp.office365.com", 587, "TLS"],
	Yahoo: ["smtp.mail.yahoo.com", 465, "SSL"],
};

cronus_crm.first_day.steps.mail = {
	title: () => __("Your mail account"),
	why: () =>
		__("By it proformas go to customers, and passwords to new users. Gmail, Outlook and Yahoo ask for a password of an application, which you make in their settings."),
	render(body, actions, page) {
		const { mail } = page.data;
		const group = make_fields(body, [
			{ fieldname: "email_id", fieldtype: "Data", label: __("E-mail"), reqd: 1, default: mail?.email_id },
			{ fieldname: "password", fieldtype: "Data", label: __("Password of the account"), reqd: 1 },
			{ fieldtype: "Column Break" },
			{
				fieldname: "service",
				fieldtype: "Select",
				label: __("Service"),
				options: ["", ...Object.keys(SERVICES)],
				change() {
					const [server, port, security] = SERVICES[group.get_value("service")] || [];
					if (server) group.set_values({ smtp_server: server, smtp_port: port, security });
				},
			},
			{ fieldname: "smtp_server", fieldtype: "Data", label: __("Server"), reqd: 1, default: mail?.smtp_server },
			{ fieldname: "smtp_port", fieldtype: "Int", label: __("Port"), default: mail?.smtp_port || 587 },
			{
				fieldname: "security",
				fieldtype: "Select",
				label: __("Encryption"),
				options: ["TLS", "SSL", { value: "None", label: __("None") }],
				default: mail?.use_ssl_for_outgoing ? "SSL" : "TLS",
			},
		]);
		const password = group.get_field("password").$input[0];
		Object.assign(password, { type: "password", autocomplete: "new-password" });
		const send_test = async () => {
			const recipient = await cronus_crm.first_day.call("send_test_mail");
			frappe.show_alert({ message: __("Sent to {0}. Look whether it has arrived.", [escape(recipient)]), indicator: "green" }, 10);
		};
		actions.append(
			make_button(__("Save, and send me a mail"), "primary", async () => {
				const values = group.get_values();
				if (!values) return;
				await cronus_crm.first_day.call("save_mail_account", { values });
				await send_test();
				page.reload();
			})
		);
		if (mail) actions.append(make_button(__("Send me a mail again"), "default", send_test));
	},
};

cronus_crm.first_day.steps.practice = {
	title: () => __("Try it: your first proforma"),
	why: () =>
		__("With a practice customer: choose a product, save and issue. You will see the follow-up that is made of it. Afterwards everything can be removed."),
	render(body, actions, page) {
		const { practice } = page.data;
		actions.append(
			make_button(__("Make a practice proforma"), "primary", async () => {
				const { customer, seller } = await cronus_crm.first_day.call("start_practice");
				frappe.new_doc("Proforma", { customer, seller });
			})
		);
		if (practice.customer) actions.append(cronus_crm.first_day.make_practice_removal(page));
	},
};

cronus_crm.first_day.make_practice_removal = (page) =>
	make_button(__("Remove the practice"), "default", () => {
		const question = __("Remove the practice customer, with its proformas, activities and figures?");
		frappe.confirm(question, async () => {
			const removed = await cronus_crm.first_day.call("remove_practice");
			frappe.show_alert({ message: __("Records that were removed: {0}", [removed]), indicator: "green" });
			page.reload();
		});
	});
