"""The month of a seller and of the team, and the targets that it is measured by."""

import frappe

from cronus_crm.cronus_analytics.figures import month_figures, sales_targets


@frappe.whitelist(methods=["GET"])
def read_month(month: str | None = None, seller: str | None = None) -> dict:
	"""What was sold, invoiced and collected in a month, against the target.

	month: any day of it, YYYY-MM-DD; by default, the present one. seller: a seller whom the user sees; by
	default, the user's own.

	Gives back `month` and `last_day` (its first and last day), `currency` (of all amounts), `seller`, `own`
	(the figures of that seller; None for a user who is none) and `team` (`rows`, the figures of each seller
	whom the user sees or of those below `seller`, and `total`; None for a user who sees one at most).

	Figures: `target`, `sold`, `reached` (sold as a percentage of the target; None without a target), `sales`
	(how many), `invoiced` (less credit notes), `invoices`, `collected` (with tax), `proformas` and
	`proformas_invoiced` of the month, `conversion` (percentage; None without proformas), `open_offers` and
	`open_amount` (proformas valid today of which nothing was made).

	Raises frappe.PermissionError for a seller whom the user does not see, frappe.ValidationError for a month
	that is no date.
	"""
	return month_figures.read_month(month, seller)


@frappe.whitelist(methods=["POST"])
def set_targets(seller: str, year: int | str, amounts: list | str) -> dict:
	"""Sets the targets of a seller for the twelve months of a year, in place of those that there are.

	amounts: twelve numbers, from January on, or one for each month, in the company's currency, without tax.

	Gives back `name`, `seller`, `year` and `total`. Raises frappe.PermissionError when the user may not set
	the targets of this seller, and frappe.ValidationError for amounts that are no targets.
	"""
	return sales_targets.set_year(seller, year, amounts)
