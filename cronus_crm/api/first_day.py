"""The guide of a company's first day. Every address asks for the role Cronus Administrator."""

import frappe

from cronus_crm.first_day import (
	company_step,
	country_proposals,
	crm_users,
	guide,
	mail_step,
	practice,
	record_step,
	seller_table,
)


@frappe.whitelist()
def read_guide() -> dict:
	"""What the page *Getting started* shows: `steps` (name and state: done, skipped, next or open), the
	values of each step, the `countries` and `currencies` to choose from, the `roles` of the table of sellers.

	A System Manager without the role gets only `may_take_role`.

	Raises frappe.PermissionError for everybody else.
	"""
	if guide.may_take_role():
		return {"may_take_role": True}
	guide.require_guide_role()
	return {
		"steps": guide.list_steps(),
		"company": company_step.read_company(),
		"countries": guide.list_names("Country"),
		"currencies": guide.list_names("Currency"),
		"people": seller_table.list_people(),
		"roles": list(crm_users.ROLES),
		"mail": mail_step.read_mail_account(),
		"practice": practice.find_practice(),
	}


@frappe.whitelist(methods=["POST"])
def take_role() -> None:
	"""Gives the role Cronus Administrator to the session's user, who is a System Manager. Raises
	frappe.PermissionError for others."""
	guide.take_role()


@frappe.whitelist(methods=["POST"])
def skip_step(step: str, skipped: bool | int = True) -> list[dict]:
	"""Skips a step, or takes that back. Gives back the steps.

	step: company, tax, sellers, records, mail or practice. Raises frappe.ValidationError for another one.
	"""
	return guide.skip_step(step, bool(int(skipped)))


@frappe.whitelist()
def propose_country(country: str) -> dict:
	"""What a country proposes: `currency`, `tax_name`, `tax_rates`, `tax_id_label`, `first_weekday`,
	`number_format`, `time_zone`, and `holidays`, how many.

	country: name of a Country. Raises frappe.DoesNotExistError for another text.
	"""
	guide.require_guide_role()
	return country_proposals.propose(country)


@frappe.whitelist(methods=["POST"])
def save_company(values: dict | str) -> dict:
	"""Saves the company.

	values: `company_name`, `country`, `currency` (required), `company_tax_id`, `first_weekday`,
	`add_holidays`, `tax_rates` (a list), `next_numbers` (of Proforma and Invoice), `logo` (URL of a public
	picture).

	Gives back `warnings`, sentences. Raises frappe.ValidationError, naming the field; then nothing is saved.
	"""
	return company_step.save_company(values)


@frappe.whitelist(methods=["POST"])
def save_default_tax(rate: float) -> str:
	"""Chooses the usual tax by its rate (a percentage); gives back its name. Raises frappe.ValidationError
	for a rate that is not from 0 to 100."""
	return company_step.save_default_tax(rate)


@frappe.whitelist(methods=["POST"])
def save_people(rows: list | str) -> list[dict]:
	"""Makes sellers and their users, or changes to whom they report and adds a role; never doubles.

	rows: of `name`, `email`, `role` (Seller, Sales manager, Billing, Service, Service lead, Management,
	Administrator) and `reports_to`, at most 100 (a list, or its JSON).

	Gives back for each row its `outcome` (created, changed, unchanged, error, empty), `user`, `seller`,
	`message`, `mailed`, and `password`, which is told once, where no mail can be sent.
	"""
	return seller_table.save_people(rows)


@frappe.whitelist(methods=["POST"])
def paste_sheet(target: str, text: str) -> str:
	"""Makes an import of cells that were copied from a sheet, and reads it. Gives back its name.

	target: Products or Customers. text: lines with tabs between the cells, headings first. Raises
	frappe.ValidationError for a text without rows.
	"""
	return record_step.paste_sheet(target, text)


@frappe.whitelist(methods=["POST"])
def save_mail_account(values: dict | str) -> str:
	"""Saves the account by which the site sends mail. Gives back its name.

	values: `email_id`, `password`, `smtp_server`, `smtp_port`, `security` (TLS, SSL or None).

	Raises frappe.ValidationError with what the server says.
	"""
	return mail_step.save_mail_account(values)


@frappe.whitelist(methods=["POST"])
def send_test_mail() -> str:
	"""Sends a mail to the session's user; gives back the address. Raises frappe.ValidationError with what the
	server says."""
	return mail_step.send_test_mail()


@frappe.whitelist(methods=["POST"])
def start_practice() -> dict:
	"""Makes the practice customer, and a product where there is none. Gives back `customer`, `product` and
	`seller`. Raises frappe.ValidationError where nobody sells yet."""
	return practice.start_practice()


@frappe.whitelist(methods=["POST"])
def remove_practice() -> int:
	"""Removes the practice customer with its documents, activities and figures. Gives back the number of
	records."""
	return practice.remove_practice()
