import frappe
import pytest
from frappe.desk import query_report

from cronus_crm.cronus_analytics.report.cronus_products_sold.cronus_products_sold import execute
from tests.scaffold import (
	BILLING,
	MANAGER,
	SELLER,
	credit_note_of,
	ensure_product,
	entry_of,
	make_customer,
	make_seller,
	make_user,
	unique,
)

MARCH = {"from_date": "2019-03-01", "to_date": "2019-03-31"}


@pytest.fixture
def team():
	manager = make_seller(roles=(SELLER, MANAGER))
	first, second = make_seller(manager.name), make_seller(manager.name)
	products = [ensure_product(unique("P")) for _product in range(2)]

	def sell(seller, day, *lines, **fields):
		return issue(seller, day, [(products[place], quantity, 100) for place, quantity in lines], **fields)

	invoices = [
		sell(first, "2019-03-01", (0, 2), (1, 5)),
		sell(first, "2019-03-31", (0, 1), discount_percent=10),
		sell(second, "2019-03-15", (0, 8)),
	]
	sell(first, "2019-02-28", (0, 64))
	sell(first, "2019-04-01", (0, 64))
	sell(first, "2019-03-10", (0, 64)).cancel()
	return frappe._dict(
		manager=manager, first=first, second=second, products=products, invoices=invoices, sell=sell
	)


def issue(seller, day, lines, **fields):
	invoice = frappe.get_doc(
		{
			"doctype": "Invoice",
			"customer": make_customer(seller.name).name,
			"seller": seller.name,
			"posting_date": day,
			"items": [
				{"product": product, "quantity": quantity, "price": price}
				for product, quantity, price in lines
			],
			**fields,
		}
	).insert(ignore_permissions=True)
	invoice.submit()
	return invoice


def rows_of(user, **filters):
	frappe.set_user(user)
	_columns, rows, message, chart, summary, _skip_total = execute({**MARCH, **filters})
	assert message and summary
	return rows, chart


def by_product(user, **filters):
	return {row["product"]: row for row in rows_of(user, **filters)[0]}


def test_products_of_a_month_with_the_discount_of_the_whole_document(team):
	rows = by_product(team.manager.user)
	first, second = (rows[product] for product in team.products)
	assert (first["quantity"], first["amount"], first["invoices"], first["customers"]) == (11, 1090, 3, 3)
	assert (second["quantity"], second["amount"]) == (5, 500)
	assert first["share"] == pytest.approx(100 * 1090 / 1590, abs=0.01)
	total = rows["Total"]
	assert (total["quantity"], total["amount"]) == (16, 1590)
	assert total["amount"] == sum(entry_of(invoice).amount for invoice in team.invoices)


def test_what_was_given_back_is_taken_off_by_its_own_date(team):
	note = credit_note_of(team.invoices[0], quantity=1, issue=False)
	note.update({"posting_date": "2019-03-20"})
	note.save()
	note.submit()
	rows = by_product(team.manager.user)
	assert (rows[team.products[0]]["quantity"], rows[team.products[0]]["amount"]) == (10, 990)
	assert rows[team.products[0]]["invoices"] == 3
	lines, _chart = rows_of(team.manager.user, line_by_line=1)
	returned = [row for row in lines if row.get("source_name") == note.name]
	assert [(row["quantity"], row["amount"], row["kind"]) for row in returned] == [
		(-1, -100, "Credit Note")
	] * 2


def test_line_by_line_the_newest_first(team):
	rows, chart = rows_of(team.manager.user, line_by_line=1)
	*lines, total = rows
	assert [str(line["posting_date"]) for line in lines] == [
		"2019-03-31",
		"2019-03-15",
		"2019-03-01",
		"2019-03-01",
	]
	assert (total["source_name"], total["amount"]) == ("Total", 1590)
	assert chart["data"]["datasets"][0]["values"] == [1090, 500]
	cut, _chart = rows_of(team.manager.user, line_by_line=1, at_most=1)
	assert len(cut) == 2
	assert cut[-1]["amount"] == 1590


def test_each_sees_their_own(team):
	assert by_product(team.first.user)["Total"]["amount"] == 790
	assert by_product(team.second.user)["Total"]["amount"] == 800
	stranger = make_seller(roles=(SELLER, MANAGER)).user
	assert rows_of(stranger) == ([], None)
	assert rows_of(stranger, line_by_line=1)[0] == []
	assert by_product("Administrator", product=team.products[0])["Total"]["amount"] == 1090


def test_filters(team):
	user = team.manager.user
	assert by_product(user, seller=team.second.name)["Total"]["amount"] == 800
	assert by_product(user, customer=team.invoices[0].customer)["Total"]["amount"] == 700
	assert set(by_product(user, product=team.products[1])) == {team.products[1], "Total"}
	assert rows_of(user, work_center="None such")[0] == []
	with pytest.raises(frappe.PermissionError, match="not in your team"):
		rows_of(user, seller=make_seller().name)


def test_more_than_two_thousand_lines_can_be_asked_for(team):
	team.sell(team.first, "2019-03-20", *((0, 1) for _line in range(2001)))
	rows, _chart = rows_of(team.manager.user, line_by_line=1, at_most=10_000)
	assert len(rows) == 2001 + 4 + 1
	assert rows[-1]["quantity"] == sum(row["quantity"] for row in rows[:-1]) == 2001 + 16


@pytest.mark.parametrize(
	"report",
	[
		"Cronus Products Sold",
		"Cronus Purchase Peaks",
		"Cronus Customer Portfolio",
		"Cronus Invoices Owed",
		"Cronus Order Status",
		"Cronus Statement of Account",
	],
)
def test_who_bills_opens_the_reports_of_documents(team, report):
	frappe.set_user(make_user(BILLING))
	customer = team.invoices[0].customer
	filters = {"customer": customer, "from_date": "2019-01-01", "to_date": "2019-12-31"}
	found = query_report.run(report, filters=filters)
	assert found["columns"]
	if report == "Cronus Products Sold":
		assert found["result"][-1]["amount"] == 700
