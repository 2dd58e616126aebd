"""Writes the customers of a story with what belongs to them: people, addresses, branches, criteria."""

import math
from collections.abc import Iterator
from datetime import date

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_analytics.figures import customer_figures
from cronus_crm.cronus_analytics.figures.customer_figures import Documents
from cronus_crm.demo import company_facts, past_documents, word_lists
from cronus_crm.demo.addresses import address_of
from cronus_crm.demo.record_writer import RecordWriter
from cronus_crm.demo.story_types import Account, Branch, Person

# From this size on a customer buys at wholesale prices.
BUYS_MUCH = 2
# How much of their credit those use who owe most, in that order; the others have room.
CREDIT_USED = (1.15, 0.97, 1.03, 0.93, 0.88)
CREDIT_OF_THE_SMALLEST = 4000
# One in so many has no limit.
CUSTOMERS_FOR_ONE_WITHOUT_LIMIT = 7
CUSTOMER, BRANCH, CRITERION = "Cronus Customer", "Cronus Customer Branch", "Cronus Classification Criterion"


class Portfolio:
	"""Customers and contacts as they are written, by the names that they have in the story."""

	def __init__(self, pen: RecordWriter):
		self.pen = pen
		self.customers: dict[str, Document] = {}
		self.contacts: dict[tuple[str, str], Document] = {}

	def write(self) -> None:
		self.write_business_lines()
		self.write_criteria()
		# Those that came later have the higher numbers.
		for account in sorted(self.pen.told.accounts, key=self.since):
			self.write_account(account)
		self.write_suppliers()
		self.write_departments()
		past_documents.write_rows("Cronus Customer Criterion", "criteria", self.classes())

	def since(self, account: Account) -> date:
		return account.since or self.pen.founded_on

	def whose(self, account: str | None) -> dict[str, str]:
		"""The fields of a record that say which customer it is about, if any."""
		return {"customer": self.customers[account].name, "customer_name": account} if account else {}

	def contact(self, account: str | None, person: str | None) -> str | None:
		return self.contacts[account, person].name if account and person else None

	def write_business_lines(self) -> None:
		lines = {account.line for account in self.pen.told.accounts}
		lines |= {lead.line for lead in self.pen.told.leads}
		lines |= {supplier.line for supplier in company_facts.SUPPLIERS}
		for line in sorted(lines):
			if not frappe.db.exists("Cronus Business Line", line):
				self.pen.new("Cronus Business Line", business_line=line)

	def write_criteria(self) -> None:
		for criterion, values in word_lists.CRITERIA[self.pen.language]:
			if not frappe.db.exists(CRITERION, criterion):
				self.pen.new(CRITERION, criterion=criterion, allowed_values="\n".join(values))

	def write_account(self, account: Account) -> None:
		since = self.since(account)
		customer = self.pen.new(
			CUSTOMER,
			on=since,
			customer_name=account.name,
			tax_id=account.tax_id,
			business_line=account.line,
			seller=account.seller,
			work_center=account.work_center,
			phone=account.phone,
			email=address_of(account.name),
			city=account.city,
			country=company_facts.COUNTRY,
			employees=account.employees,
			payment_days=account.payment_days,
			price_list=word_lists.PRICE_LISTS[self.pen.language][0] if account.size >= BUYS_MUCH else None,
		)
		self.customers[account.name] = customer
		self.write_address(customer, account.name, account.street, account.city, account.phone, since)
		for person in account.people:
			self.contacts[account.name, person.name] = self.write_contact(account, person, since)
		for branch in account.branches:
			self.write_branch(customer, account, branch, since)
		if account.remark is not None:
			text = word_lists.REMARKS[self.pen.language][account.remark]
			past_documents.comment(customer, text, account.seller, since)

	def write_credit_limits(self) -> None:
		"""In round figures, once it is known who owes how much."""
		owed = customer_figures.owed(Documents(of_company=True))
		debts = {
			account: owed[customer.name].total if customer.name in owed else 0.0
			for account, customer in self.customers.items()
		}
		accounts = sorted(self.pen.told.accounts, key=lambda account: (-debts[account.name], account.name))
		for place, account in enumerate(accounts):
			if limit := _credit_limit(place, account, debts[account.name]):
				customer = self.customers[account.name]
				past_documents.put_back(customer, customer.creation, credit_limit=limit)

	def write_contact(self, account: Account, person: Person, since: date) -> Document:
		customer = self.customers[account.name]
		return self.pen.new(
			"Contact",
			group=(CUSTOMER, customer.name),
			on=since,
			by=account.seller,
			first_name=person.first_name,
			last_name=person.last_name,
			designation=word_lists.POSITIONS[self.pen.language][person.position],
			company_name=account.name,
			is_primary_contact=person == account.people[0],
			email_ids=[{"email_id": person.email, "is_primary": 1}],
			phone_nos=[{"phone": person.phone, "is_primary_mobile_no": 1}],
			links=[{"link_doctype": CUSTOMER, "link_name": customer.name, "link_title": account.name}],
		)

	def write_address(
		self,
		whose: Document,
		title: str,
		street: str,
		city: str,
		phone: str,
		since: date,
		customer: str | None = None,
	) -> None:
		"""customer: name of the one that a branch belongs to."""
		self.pen.new(
			"Address",
			group=(CUSTOMER, customer or whose.name),
			on=since,
			by=whose.get("seller"),
			address_title=title,
			address_type="Shop" if customer else "Office",
			address_line1=street,
			city=city,
			state=company_facts.PROVINCES[city],
			country=company_facts.COUNTRY,
			phone=phone,
			is_primary_address=1,
			links=[{"link_doctype": whose.doctype, "link_name": whose.name, "link_title": title}],
		)

	def write_branch(self, customer: Document, account: Account, branch: Branch, since: date) -> None:
		name = word_lists.BRANCHES[self.pen.language][branch.name]
		written = self.pen.new(
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
			self.pen.new(
				CUSTOMER,
				customer_name=supplier.name,
				account_type="Supplier",
				business_line=supplier.line,
				seller=team.manager,
				work_center=team.work_center,
				city=supplier.city,
				country=company_facts.COUNTRY,
				email=address_of(supplier.name),
			)

	def write_departments(self) -> None:
		for department, position in company_facts.DEPARTMENTS:
			parent = self.customers[company_facts.CUSTOMERS[position].name]
			self.pen.new(
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

	def classes(self) -> Iterator[tuple[Document, date, dict]]:
		"""Rows of criteria; the last criterion is the one that an ERP would send."""
		criteria = word_lists.CRITERIA[self.pen.language]
		for account in self.pen.told.accounts:
			customer = self.customers[account.name]
			for position, (criterion, values) in enumerate(criteria):
				row = {
					"criterion": criterion,
					"value": values[account.classes[position]],
					"synchronised": position == len(criteria) - 1,
				}
				yield customer, self.since(account), row


def _credit_limit(place: int, account: Account, debt: float) -> int:
	"""What a customer may owe; 0: as much as it likes. place: among those who owe, from 0 for the largest."""
	if debt and place < len(CREDIT_USED):
		used = CREDIT_USED[place]
		hundreds = debt / used / 100
		return 100 * max(1, math.floor(hundreds) if used > 1 else math.ceil(hundreds))
	if place % CUSTOMERS_FOR_ONE_WITHOUT_LIMIT == 0:
		return 0
	return max(round(CREDIT_OF_THE_SMALLEST * account.size), 1000 * math.ceil(debt * 1.5 / 1000))
