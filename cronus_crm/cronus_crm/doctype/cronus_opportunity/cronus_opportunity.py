from datetime import datetime, time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from cronus_crm.base.amounts import add_amounts, round_amount
from cronus_crm.base.company import (
	company_currency,
	company_now,
	company_today,
	day_of_next_document,
	round_company_amount,
)
from cronus_crm.base.present_records import get_present_doc, get_present_value
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.record_states import is_finished


class CronusOpportunity(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from cronus_crm.cronus_crm.doctype.cronus_opportunity_product.cronus_opportunity_product import (
			CronusOpportunityProduct,
		)
		from cronus_crm.cronus_crm.doctype.cronus_stage_change.cronus_stage_change import CronusStageChange

		base_value: DF.Currency
		campaign: DF.Link | None
		closed_on: DF.Date | None
		contact: DF.Link | None
		currency: DF.Link
		customer: DF.Link | None
		customer_name: DF.Data | None
		description: DF.TextEditor | None
		exchange_rate: DF.Float
		expected_close: DF.Date | None
		external_key: DF.Data | None
		last_activity_on: DF.Datetime | None
		light: DF.Literal["Green", "Amber", "Red", "Grey"]
		loss_notes: DF.SmallText | None
		loss_reason: DF.Link | None
		medium: DF.Link | None
		naming_series: DF.Literal["OP-.YYYY.-.#####"]
		next_activity_on: DF.Datetime | None
		opened_on: DF.Date | None
		priority: DF.Literal["Low", "Medium", "High"]
		probability: DF.Percent
		products: DF.Table[CronusOpportunityProduct]
		prospect: DF.Link | None
		prospect_name: DF.Data | None
		reevaluations: DF.Int
		seller: DF.Link | None
		stage: DF.Link
		stage_log: DF.Table[CronusStageChange]
		stalled: DF.Check
		state: DF.Literal["Open", "Pending", "Won", "Not won", "Closed"]
		title: DF.Data
		value: DF.Currency
		valued_by_documents: DF.Check
		won_by: DF.Data | None
		work_center: DF.Link | None

	# end: auto-generated types

	# Purpose of a save that the server makes; attributes because `save` takes no arguments.
	_moved_by_invoice: bool = False
	_won_by: str | None = None
	_valued_by_documents: bool = False
	_reevaluation_reason: str | None = None

	def before_validate(self):
		self.currency = self.currency or company_currency()

	def validate(self):
		self.require_customer_or_prospect()
		self.apply_stage()
		self.set_closed_on()
		self.require_loss_reason()
		self.add_up_products()
		self.restore_server_values()
		self.update_stage_log()
		traffic_light.set_stalled(self)
		traffic_light.set_light(self)

	def require_customer_or_prospect(self):
		if not (self.customer or self.prospect or self.prospect_name):
			frappe.throw(
				_("Say whose opportunity it is: choose a customer, or write the name of the prospect.")
			)

	def apply_stage(self):
		"""Sets the state and, unless a person entered another one, the probability of the stage."""
		if not self.stage:
			return  # mandatory: the framework says so next
		stage = get_present_doc("Cronus Stage", self.stage)
		self.state = stage.state
		if self.has_value_changed("stage"):
			self.refuse_disabled_stage(stage)
			if self.probability in (None, "") or not self.has_value_changed("probability"):
				self.probability = stage.probability
		if not 0 <= flt(self.probability) <= 100:
			frappe.throw(_("The probability is a percentage from 0 to 100."))

	def refuse_disabled_stage(self, stage: Document):
		# A cancelled invoice returns the opportunity to its former stage even if that is disabled by now.
		if stage.disabled and not self._moved_by_invoice:
			frappe.throw(
				_("The stage {0} is no longer in use: choose another.").format(frappe.bold(_(stage.name)))
			)

	def set_closed_on(self):
		"""Sets `closed_on` of a finished opportunity; a change between finished states sets it anew.

		Raises frappe.ValidationError if it is before `opened_on`.
		"""
		if not is_finished(self.doctype, self):
			self.closed_on = None
			return
		before = self.get_doc_before_save()
		finished_state_changed = before and before.closed_on and before.state != self.state
		if finished_state_changed and getdate(self.closed_on) == before.closed_on:
			self.closed_on = None
		self.closed_on = self.closed_on or day_of_next_document(self.opened_on)
		if self.opened_on and getdate(self.closed_on) < getdate(self.opened_on):
			frappe.throw(
				_("The opportunity cannot close on {0}, before it was opened.").format(
					frappe.format(self.closed_on, {"fieldtype": "Date"})
				)
			)

	def require_loss_reason(self):
		if self.state != "Not won":
			self.loss_reason = self.loss_notes = None
			return
		if not self.loss_reason:
			frappe.throw(
				_("Choose why the opportunity was not won."), frappe.MandatoryError, title=_("Loss reason")
			)
		if self.has_value_changed("loss_reason") and not self._moved_by_invoice:
			if get_present_value("Cronus Loss Reason", self.loss_reason, "disabled"):
				frappe.throw(
					_("The loss reason {0} is no longer in use: choose another.").format(
						frappe.bold(_(self.loss_reason))
					)
				)

	def add_up_products(self):
		"""Sets the amounts of the products, `value` as their sum if there are any, and `base_value`.

		`value` is in the currency of the opportunity, `base_value` in the company's.
		"""
		for row in self.products:
			if not flt(row.quantity) > 0 or flt(row.price) < 0:
				frappe.throw(
					_(
						"Products, row {0}: the quantity must be above zero and the price not below it."
					).format(row.idx)
				)
			row.amount = round_amount(flt(row.quantity) * flt(row.price), self.currency)
		if self.products:
			self.value = add_amounts(*(row.amount for row in self.products))
		else:
			self.value = round_amount(self.value, self.currency)
		if flt(self.value) < 0:
			frappe.throw(_("The value of an opportunity cannot be negative."))
		self.base_value = round_company_amount(flt(self.value) * flt(self.exchange_rate))

	def restore_server_values(self):
		"""Sets `won_by`, `reevaluations` and `valued_by_documents`, which a client must not write."""
		before = self.get_doc_before_save()
		# A value that a person has written is theirs.
		kept = before and before.valued_by_documents and flt(self.value) == flt(before.value)
		self.valued_by_documents = int(self._valued_by_documents or bool(kept))
		self.reevaluations = (before.reevaluations if before else 0) + bool(self._reevaluation_reason)
		if self._moved_by_invoice:
			self.won_by = self._won_by
		else:
			# After a change of stage by a person, the cancellation of the invoice must not move it back.
			moved = not before or before.stage != self.stage
			self.won_by = None if moved else before.won_by

	def update_stage_log(self):
		"""Adds a row to the stage log if the stage was entered now; a client must not write it, so that the
		stored rows replace those of the request."""
		before = self.get_doc_before_save()
		self.set("stage_log", [row.as_dict() for row in before.stage_log] if before else [])
		stay = self.stage_log[-1] if self.stage_log else None
		if not stay or stay.stage != self.stage or self._reevaluation_reason:
			stay = self.enter_stage(leaving=stay)
		if self.state == "Not won":
			stay.update({"loss_reason": self.loss_reason, "notes": self.loss_notes})

	def enter_stage(self, leaving: Document | None) -> Document:
		"""Closes the row of the former stage (leaving) and returns a new row for the present one."""
		now = company_now()
		if leaving:
			leaving.left_on = now
			leaving.duration = max(int((now - leaving.entered_on).total_seconds()), 0)
		return self.append(
			"stage_log",
			{
				"stage": self.stage,
				"entered_on": self.compute_entered_on() if self.is_new() else now,
				"changed_by": frappe.session.user,
				"notes": self._reevaluation_reason,
			},
		)

	def compute_entered_on(self) -> datetime:
		"""When a new opportunity entered its stage: now, or at midnight of its `opened_on` or `closed_on`
		if that is in the past."""
		day = self.closed_on if is_finished(self.doctype, self) else self.opened_on
		return (
			datetime.combine(getdate(day), time.min)
			if day and getdate(day) < company_today()
			else company_now()
		)

	def win_by_invoice(self, invoice: str, stage: str, on):
		"""Saves the opportunity as won because of an invoice.

		invoice: "doctype/name". stage: with the state *Won*. on: date of the invoice; `closed_on` is that
		date, or `opened_on` if that is later.
		"""
		self.update({"stage": stage, "closed_on": max(getdate(on), getdate(self.opened_on or on))})
		self._save_for_invoice(won_by=invoice)

	def undo_win_by_invoice(self, without_history: str | None):
		"""Saves the opportunity with the stage and the loss reason that it had before an invoice won it.

		without_history: stage for an opportunity without an earlier row in its stage log.
		"""
		if len(self.stage_log) > 1:
			former = self.stage_log[-2]
			self.update({"stage": former.stage, "loss_reason": former.loss_reason})
			self.update({"loss_notes": former.notes, "closed_on": getdate(former.entered_on)})
		else:
			self.stage = without_history or self.stage
		self._save_for_invoice(won_by=None)

	def _save_for_invoice(self, won_by: str | None):
		"""Saves a change caused by an invoice or by its cancellation. won_by: "doctype/name", or None."""
		self._moved_by_invoice, self._won_by = True, won_by
		# The user of the invoice need not see the opportunity, and an incomplete opportunity must not prevent
		# the issue or the cancellation of an invoice.
		self.flags.ignore_links = self.flags.ignore_mandatory = True
		self.save(ignore_permissions=True)

	def takes_value_of_documents(self) -> bool:
		"""True where nobody has said what the opportunity is worth, by a value or by products."""
		return bool(self.valued_by_documents or not (flt(self.value) or self.products))

	def add_value_of_documents(self, amount: float):
		"""Saves the opportunity with a value that is higher by that of a document that was issued, or lower
		by that of a cancelled one. amount: without tax, in the company's currency."""
		self.value = max(flt(flt(self.value) + amount / (flt(self.exchange_rate) or 1), 2), 0)
		self._valued_by_documents = True
		# As in `_save_for_invoice`: the document is issued all the same.
		self.flags.ignore_links = self.flags.ignore_mandatory = True
		self.save(ignore_permissions=True)

	def reevaluate(self, stage: str, reason: str):
		"""Saves a lost or stalled opportunity in a stage in course; the stage log keeps the reason, and
		`reevaluations` counts it."""
		self.stage = stage
		self._reevaluation_reason = reason
		self.save()


def on_doctype_update():
	"""Adds the index of the sweep of traffic lights, and the one that answers what is asked of opportunities
	that closed in a period (`single_opportunities.py` of the analytics)."""
	frappe.db.add_index("Cronus Opportunity", ["light", "next_activity_on"])
	frappe.db.add_index(
		"Cronus Opportunity",
		["state", "closed_on", "seller", "work_center", "owner", "opened_on", "creation", "base_value"],
		"closed_in_a_period",
	)
