from datetime import datetime, time

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate, now_datetime, nowdate

from cronus_crm.base.company import company_currency
from cronus_crm.cronus_crm.activities import traffic_light
from cronus_crm.cronus_crm.record_states import is_over


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
		won_by: DF.Data | None
		work_center: DF.Link | None

	# end: auto-generated types

	# What a save is for, where it is not what a person does: `save` takes no arguments.
	_moved_by_invoice: bool = False
	_won_by: str | None = None
	_taken_up_because: str | None = None

	def before_validate(self):
		self.currency = self.currency or company_currency()

	def validate(self):
		self.require_somebody()
		self.follow_stage()
		self.close_or_open()
		self.require_loss_reason()
		self.add_up_products()
		self.keep_what_the_server_writes()
		self.keep_stage_log()
		traffic_light.set_light(self)
		traffic_light.set_stalled(self)

	def require_somebody(self):
		if not (self.customer or self.prospect or self.prospect_name):
			frappe.throw(
				_("Say whose opportunity it is: choose a customer, or write the name of the prospect.")
			)

	def follow_stage(self):
		"""The stage gives the state and, unless a person wrote another, the probability."""
		if not self.stage:
			return  # mandatory: the framework says so next
		stage = frappe.get_cached_doc("Cronus Stage", self.stage)
		self.state = stage.state
		if self.has_value_changed("stage"):
			self.refuse_disabled_stage(stage)
			if not (self.has_value_changed("probability") and flt(self.probability)):
				self.probability = stage.probability
		if not 0 <= flt(self.probability) <= 100:
			frappe.throw(_("The probability is a percentage from 0 to 100."))

	def refuse_disabled_stage(self, stage: Document):
		# What an invoice takes back goes to where it was, also when nobody else may go there any more.
		if stage.disabled and not self._moved_by_invoice:
			frappe.throw(
				_("The stage {0} is no longer in use: choose another.").format(frappe.bold(_(stage.name)))
			)

	def close_or_open(self):
		"""An opportunity that is over has the day it ended; one that was lost and is now won ended anew."""
		if not is_over(self.doctype, self):
			self.closed_on = None
			return
		before = self.get_doc_before_save()
		ended_otherwise = before and before.closed_on and before.state != self.state
		if ended_otherwise and getdate(self.closed_on) == before.closed_on:
			self.closed_on = None
		self.closed_on = self.closed_on or nowdate()
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
			if frappe.get_cached_value("Cronus Loss Reason", self.loss_reason, "disabled"):
				frappe.throw(
					_("The loss reason {0} is no longer in use: choose another.").format(
						frappe.bold(_(self.loss_reason))
					)
				)

	def add_up_products(self):
		"""With products, the value of the opportunity is theirs."""
		for row in self.products:
			if not flt(row.quantity) > 0 or flt(row.price) < 0:
				frappe.throw(
					_(
						"Products, row {0}: the quantity must be above zero and the price not below it."
					).format(row.idx)
				)
			row.amount = flt(flt(row.quantity) * flt(row.price), 2)
		if self.products:
			self.value = sum(row.amount for row in self.products)
		if flt(self.value) < 0:
			frappe.throw(_("The value of an opportunity cannot be negative."))
		self.base_value = flt(flt(self.value) * flt(self.exchange_rate), 2)

	def keep_what_the_server_writes(self):
		"""Which invoice won it and how often it was taken up again: what a client sends is not heard."""
		before = self.get_doc_before_save()
		self.reevaluations = (before.reevaluations if before else 0) + bool(self._taken_up_because)
		if self._moved_by_invoice:
			self.won_by = self._won_by
		else:
			# A person who moves the opportunity takes it out of the hands of the invoice.
			moved = not before or before.stage != self.stage
			self.won_by = None if moved else before.won_by

	def keep_stage_log(self):
		"""A row for each stay in a stage, written here alone: the rows that a client sends are replaced by
		those that are stored."""
		before = self.get_doc_before_save()
		self.set("stage_log", [row.as_dict() for row in before.stage_log] if before else [])
		stay = self.stage_log[-1] if self.stage_log else None
		if not stay or stay.stage != self.stage or self._taken_up_because:
			stay = self.enter_stage(leaving=stay)
		if self.state == "Not won":
			stay.update({"loss_reason": self.loss_reason, "notes": self.loss_notes})

	def enter_stage(self, leaving: Document | None) -> Document:
		"""Ends the stay in the former stage and begins one in that of the opportunity; gives back its row."""
		now = now_datetime()
		if leaving:
			leaving.left_on = now
			leaving.duration = max(int((now - leaving.entered_on).total_seconds()), 0)
		return self.append(
			"stage_log",
			{
				"stage": self.stage,
				"entered_on": self.began_on() if self.is_new() else now,
				"changed_by": frappe.session.user,
				"notes": self._taken_up_because,
			},
		)

	def began_on(self) -> datetime:
		"""When a new opportunity came into its stage: now, or on the day of the past that it is given."""
		day = self.closed_on if is_over(self.doctype, self) else self.opened_on
		return (
			datetime.combine(getdate(day), time.min) if day and getdate(day) < getdate() else now_datetime()
		)

	def win_by(self, invoice: str, stage: str, on):
		"""Saves the opportunity in a stage that is won, because of an invoice.

		invoice: "doctype/name". on: the date of the invoice; the opportunity is not won before it was opened.
		"""
		self.update({"stage": stage, "closed_on": max(getdate(on), getdate(self.opened_on or on))})
		self._save_for_invoice(won_by=invoice)

	def take_back_from_invoice(self, without_history: str | None):
		"""Saves the opportunity in the stage, and the reason of its loss, that it had before an invoice won
		it.

		without_history: the stage for an opportunity that does not know where it was.
		"""
		if len(self.stage_log) > 1:
			former = self.stage_log[-2]
			self.update({"stage": former.stage, "loss_reason": former.loss_reason})
			self.update({"loss_notes": former.notes, "closed_on": getdate(former.entered_on)})
		else:
			self.stage = without_history or self.stage
		self._save_for_invoice(won_by=None)

	def _save_for_invoice(self, won_by: str | None):
		"""Saves what an invoice, or its cancellation, has changed; won_by: the invoice that keeps it won."""
		self._moved_by_invoice, self._won_by = True, won_by
		# Whoever issues or cancels an invoice need not see the seller's opportunity, and an opportunity that
		# lacks something does not hold up an invoice.
		self.flags.ignore_links = self.flags.ignore_mandatory = True
		self.save(ignore_permissions=True)

	def take_up_again(self, stage: str, reason: str):
		"""Saves a lost or stalled opportunity in a stage from which it can be won, counts it and notes the
		reason."""
		self.stage = stage
		self._taken_up_because = reason
		self.save()


def on_doctype_update():
	"""What the sweep of the lights asks for: those of one colour, by their next activity."""
	frappe.db.add_index("Cronus Opportunity", ["light", "next_activity_on"])
