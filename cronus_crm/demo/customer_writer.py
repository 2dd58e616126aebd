"""Writes the customers of the story with their contacts, addresses, branches, criteria and credit limits."""

import math
from collections.abc import Iterator
from datetime import date

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.customer_figures import Documents
from cronus_crm.demo import company_facts, past_documents, word_lists
from cronus_crm.demo.email_addresses import make_email_address
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_types import Account, Branch, Person

# Size of `Account` from which a customer has the wholesale price list.
WHOLESALE_SIZE = 2
# Debt divided by credit limit of the customers with the highest debts, highest first. The limits of the
# others are well above their debts.
CREDIT_USED = (1.15, 0.97, 1.03, 0.93, 0.88)
# In the company's currency, of a customer of size 1.
SMALLEST_CREDIT_LIMIT = 4000
# One customer in this many has no limit.
CUSTOMERS_PER_UNLIMITED_ONE = 7
CUSTOMER, BRANCH, CRITERION = "Cronus Customer", "Cronus Customer Branch", "Cronus Classification Criterion"


class CustomerWriter:
	"""Writes customers and keeps the documents: customers by name, contacts by customer and name of the
	person."""

	def __init__(self, writer: RecordWriter):
		self.writer = writer
		self.customers: dict[str, Document] = {}
		self.contacts: dict[tuple[str, str], Document] = {}

	def write(self) -> None:
		self.write_business_lines()
		self.write_criteria()
		# Sorted, so that the numbers of customers rise with their dates.
		for account in sorted(self.writer.story.accounts, key=self.first_day):
			self.write_account(account)
		self.write_suppliers()
		self.write_departments()
		past_documents.write_rows("Cronus Customer Criterion", "criteria", self.make_criterion_rows())

	def first_day(self, account: Account) -> date:
		return account.since or self.writer.founded_on

	def customer_fields(self, account: str | None) -> dict[str, str]:
		"""Values of the fields `customer` and `customer_name`; empty without a customer."""
		return {"customer": self.customers[account].name, "customer_name": account} if account else {}

	def contact_name(self, account: str | None, person: str | None) -> str | None:
		return self.contacts[account, person].name if account and person else None

	def write_business_lines(self) -> None:
		lines = {account.line for account in self.writer.story.accounts}
		lines |= {lead.line for lead in self.writer.story.leads}
		lines |= {supplier.line for supplier in company_facts.SUPPLIERS}
		for line in sorted(lines):
			if not frappe.db.exists("Cronus Business Line", line):
				self.writer.write("Cronus Business Line", business_line=line)

	def write_criteria(self) -> None:
		for criterion, values in word_lists.CRITERIA[self.writer.language]:
			if not frappe.db.exists(CRITERION, criterion):
				self.writer.write(CRITERION, criterion=criterion, allowed_values="\n".join(values))

	def write_account(self, account: Account) -> None:
		since = self.first_day(account)
		customer = self.writer.write(
			CUSTOMER,
			on=since,
			customer_name=account.name,
			tax_id=account.tax_id,
			business_line=account.line,
			seller=account.seller,
			work_center=account.work_center,
			phone=account.phone,
			email=make_email_address(account.name),
			city=account.city,
			country=company_facts.COUNTRY,
			employees=account.employees,
			payment_days=account.payment_days,
			price_list=word_lists.PRICE_LISTS[self.writer.language][0]
			if account.size >= WHOLESALE_SIZE
			else None,
		)
		self.customers[account.name] = customer
		self.write_address(customer, account.name, account.street, account.city, account.phone, since)
		for person in account.people:
			self.contacts[account.name, person.name] = self.write_contact(account, person, since)
		for branch in account.branches:
			self.write_branch(customer, account, branch, since)
		if account.remark is not None:
			text = word_lists.REMARKS[self.writer.language][account.remark]
			past_documents.add_comment(customer, text, account.seller, since)

	def write_credit_limits(self) -> None:
		"""Sets credit limits relative to what each customer owes; call it when all documents are written."""
		owed = customer_figures.sum_owed_by_customer(Documents(whole_company=True))
		debts = {
			account: owed[customer.name].total if customer.name in owed else 0.0
			for account, customer in self.customers.items()
		}
		accounts = sorted(
			self.writer.story.accounts, key=lambda account: (-debts[account.name], account.name)
		)
		for place, account in enumerate(accounts):
			if limit := _choose_credit_limit(place, account, debts[account.name]):
				customer = self.customers[account.name]
				past_documents.backdate(customer, customer.creation, credit_limit=limit)

	def write_contact(self, account: Account, person: Person, since: date) -> Document:
		customer = self.customers[account.name]
		return self.writer.write(
			"Contact",
			group=(CUSTOMER, customer.name),
			on=since,
			by=account.seller,
			first_name=person.first_name,
			last_name=person.last_name,
			designation=word_lists.POSITIONS[self.writer.language][person.position],
			company_name=account.name,
			is_primary_contact=person == account.people[0],
			email_ids=[{"email_id": person.email, "is_primary": 1}],
			phone_nos=[{"phone": person.phone, "is_primary_mobile_no": 1}],
			links=[{"link_doctype": CUSTOMER, "link_name": customer.name, "link_title": account.name}],
		)

	def write_address(
		self,
		owner: Document,
		title: str,
		street: str,
		city: str,
		phone: str,
		since: date,
		customer: str | None = None,
	) -> None:
		"""Writes an address linked to `owner`.

		owner: a customer or a branch. customer: of a branch, the name of its customer, whose group of
		`demo_records` the address joins.
		"""
		self.writer.write(
			"Address",
			group=(CUSTOMER, customer or owner.name),
			on=since,
			by=owner.get("seller"),
			address_title=title,
			address_type="Shop" if customer else "Office",
			address_line1=street,
			city=city,
			state=company_facts.PROVINCES[city],
			country=company_facts.COUNTRY,
			phone=phone,
			is_primary_address=1,
			links=[{"link_doctype": owner.doctype, "link_name": owner.name, "link_title": title}],
		)

	def write_branch(self, customer: Document, account: Account, branch: Branch, since: date) -> None:
		name = word_lists.BRANCHES[self.writer.language][branch.name]
		written = self.writer.write(
			BRANCH,
			group=(CUSTOMER, customer.name),
			on=since,
			by=account.seller,
			branch_name=name,
			customer=customer.name,
			customer_name=account.name,
			code=branch.code,
			work_center=account.work_center,
			city=branch.city,
			province=company_facts.PROVINCES[branch.city],
			country=company_facts.COUNTRY,
			phone=branch.phone,
		)
		self.write_address(
			written,
			f"{account.name} {name}",
			branch.street,
			branch.city,
			branch.phone,
			since,
			customer.name,
		)

	def write_suppliers(self) -> None:
		for supplier in company_facts.SUPPLIERS:
			team = next(team for team in company_facts.TEAMS if team.city == supplier.city)
			self.writer.write(
				CUSTOMER,
				customer_name=supplier.name,
				account_type="Supplier",
				business_line=supplier.line,
				seller=team.manager,
				work_center=team.work_center,
				city=supplier.city,
				country=company_facts.COUNTRY,
				email=make_email_address(supplier.name),
			)

	def write_departments(self) -> None:
		for department, position in company_facts.DEPARTMENTS:
			parent = self.customers[company_facts.CUSTOMERS[position].name]
			self.writer.write(
				CUSTOMER,
				customer_name=f"{department} · {parent.customer_name}",
				account_type="Department",
				parent_customer=parent.name,
				business_line=parent.business_line,
				seller=parent.seller,
				work_center=parent.work_center,
				city=parent.city,
				country=company_facts.COUNTRY,
			)

	def make_criterion_rows(self) -> Iterator[tuple[Document, date, dict]]:
		"""Rows of criteria with customer and day, for `past_documents.write_rows`.

		The last criterion is marked as synchronised, as if an ERP had sent it.
		"""
		criteria = word_lists.CRITERIA[self.writer.language]
		for account in self.writer.story.accounts:
			customer = self.customers[account.name]
			for position, (criterion, values) in enumerate(criteria):
				row = {
					"criterion": criterion,
					"value": values[account.classes[position]],
					"synchronised": position == len(criteria) - 1,
				}
				yield customer, self.first_day(account), row


def _choose_credit_limit(place: int, account: Account, debt: float) -> int:
	"""The credit limit of a customer in the company's currency; 0: no limit.

	place: position among all customers by debt, 0 for the highest debt.
	"""
	if debt and place < len(CREDIT_USED):
		used = CREDIT_USED[place]
		hundreds = debt / used / 100
		return 100 * max(1, math.floor(hundreds) if used > 1 else math.ceil(hundreds))
	if place % CUSTOMERS_PER_UNLIMITED_ONE == 0:
		return 0
	return max(round(SMALLEST_CREDIT_LIMIT * account.size), 1000 * math.ceil(debt * 1.5 / 1000))
