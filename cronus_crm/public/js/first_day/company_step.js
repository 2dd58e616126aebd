// Steps 1 and 2 of the guide: the company with what its country brings, and its usual tax.
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

const to_options = (names) =>
	names.map((value) => ({ value, label: __(value) })).sort((one, other) => one.label.localeCompare(other.label));

// Rates of the site are kept ticked; those of the country are offered.
function rate_options({ tax_rates, tax_name }, kept) {
	const rates = [...new Set([...tax_rates, ...(tax_rates.length ? [] : kept)])];
	return rates.map((rate) => ({ label: `${tax_name} ${rate} %`, value: String(rate), checked: 1 }));
}

cronus_crm.first_day.steps.company = {
	title: () => __("Your company"),
	why: () =>
		__("The country brings the currency, its taxes, the first day of the week, how numbers are written, and the holidays. You can change each of them."),
	render(body, actions, page) {
		const { company, countries, currencies } = page.data;
		const number = (doctype, label) => ({
			fieldname: doctype,
			fieldtype: "Int",
			label,
			description: __("The next one is {0}. Only if you go on with numbers of before: write the next number.", [
				company.next_numbers[doctype],
			]),
		});
		const group = cronus_crm.first_day.make_fields(body, [
			{ fieldname: "company_name", fieldtype: "Data", label: __("Name of the company"), reqd: 1, default: company.company_name },
			{
				fieldname: "country",
				fieldtype: "Autocomplete",
				label: __("Country"),
				options: to_options(countries),
				reqd: 1,
				default: company.country,
				change: () => propose(),
			},
			{ fieldname: "company_tax_id", fieldtype: "Data", label: __("Tax id"), default: company.company_tax_id },
			{ fieldtype: "Column Break" },
			{
				fieldname: "currency",
				fieldtype: "Autocomplete",
				label: __("Currency"),
				options: to_options(currencies),
				reqd: 1,
				default: company.currency,
			},
			{
				fieldname: "first_weekday",
				fieldtype: "Select",
				label: __("First day of the week"),
				options: WEEKDAYS.map((value) => ({ value, label: __(value) })),
				default: company.first_weekday,
			},
			{ fieldname: "add_holidays", fieldtype: "Check", label: __("Add the public holidays of this year and the next"), default: 1 },
			{ fieldtype: "Section Break", label: __("Taxes and numbers") },
			{ fieldname: "tax_rates", fieldtype: "MultiCheck", label: __("Taxes that you use"), columns: 2, options: [] },
			{ fieldtype: "Column Break" },
			number("Proforma", __("Next number of proformas")),
			number("Invoice", __("Next number of invoices")),
			{ fieldtype: "Section Break", label: __("Letterhead") },
			{ fieldname: "logo_html", fieldtype: "HTML" },
		]);
		const logo = make_logo_field(group.get_field("logo_html").$wrapper[0], company.logo);

		let proposed = company.country;
		async function propose(first) {
			const country = group.get_value("country");
			if (!country || (!first && country === proposed)) return;
			proposed = country;
			const found = await cronus_crm.first_day.call("propose_country", { country });
			if (group.get_value("country") !== country) return;
			group.set_df_property("company_tax_id", "label", found.tax_id_label);
			const rates = group.get_field("tax_rates");
			rates.df.options = rate_options(found, company.tax_rates);
			rates.refresh();
			group.get_field("add_holidays").set_description(__("{0} days", [found.holidays]));
			if (first && company.company_name) return;
			if (found.currency) group.set_value("currency", found.currency);
			if (found.first_weekday) group.set_value("first_weekday", found.first_weekday);
		}
		propose(true);

		actions.append(
			cronus_crm.first_day.make_button(__("Save and go on"), "primary", async () => {
				const values = group.get_values();
				if (!values) return;
				const { Proforma, Invoice, ...others } = values;
				const { warnings } = await cronus_crm.first_day.call("save_company", {
					values: { ...others, logo: logo.url, next_numbers: { Proforma, Invoice } },
				});
				if (warnings.length) {
					await new Promise((resolve) => {
						frappe.msgprint({ title: __("Saved, with a doubt"), message: warnings.join("<br>"), indicator: "orange" });
						frappe.msg_dialog.custom_onhide = resolve;
					});
				}
				// The desk has read the forms of numbers and dates when it was opened.
				window.location.reload();
			})
		);
	},
};

// A picture for the letterhead; `url` is that of the new one, null while there is none.
function make_logo_field(parent, present) {
	const chosen = { url: null };
	const picture = document.createElement("img");
	picture.alt = "";
	picture.style.cssText = "max-height:60px;display:block;margin-bottom:8px";
	picture.hidden = !present;
	if (present) picture.src = present;
	const button = cronus_crm.first_day.make_button(__("Choose the logo"), "default", () => {
		new frappe.ui.FileUploader({
			make_attachments_public: true,
			allow_multiple: false,
			restrictions: { allowed_file_types: PICTURES },
			on_success(file) {
				chosen.url = picture.src = file.file_url;
				picture.hidden = false;
			},
		});
	});
	const hint = document.createElement("p");
	hint.className = "text-muted small";
	hint.textContent = __("It stands above proformas and invoices, with the name of the company and its tax id.");
	parent.append(picture, hint, button);
	return chosen;
}

cronus_crm.first_day.steps.tax = {
	title: () => __("Your usual tax"),
	why: () => __("Products are made with this tax; each product can have another one."),
	render(body, actions, page) {
		const { default_rate } = page.data.company;
		const group = cronus_crm.first_day.make_fields(body, [
			{
				fieldname: "rate",
				fieldtype: "Percent",
				label: __("Rate"),
				default: default_rate ?? frappe.boot.cronus_proposed_tax_rate,
				description: __("0 only where you sell without tax."),
			},
			{ fieldtype: "Column Break" },
		]);
		actions.append(
			cronus_crm.first_day.make_button(__("Save and go on"), "primary", async () => {
				const rate = group.get_value("rate");
				frappe.boot.cronus_default_tax = await cronus_crm.first_day.call("save_default_tax", { rate: rate ?? "" });
				page.reload();
			})
		);
	},
};
