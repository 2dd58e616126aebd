"""Files of an ERP, as rows of a push."""

import pytest

from cronus_crm.cronus_exchange.fetching.exchanged_files import (
	file_order,
	iterate_exchanged_rows,
	read_name,
)
from cronus_crm.cronus_exchange.reading.file_kinds import WrongFile


@pytest.fixture
def read(tmp_path):
	def read(text: str | bytes, name: str = "customers.csv") -> list[tuple[int, dict]]:
		path = tmp_path / "file"
		path.write_bytes(text if isinstance(text, bytes) else text.encode())
		return [(row.line, row.values) for row in iterate_exchanged_rows(path, name)]

	return read


@pytest.mark.parametrize(
	("name", "kind", "is_history"),
	[
		("customers.csv", "customer", False),
		("Customers-2026-11-27.CSV", "customer", False),
		("branches_0007.csv", "branch", False),
		("documents 2019 (2).history.csv", "document", True),
		("balances.2026.csv", "balance", False),
	],
)
def test_a_name_says_kind_and_time(name, kind, is_history):
	assert (read_name(name).kind, read_name(name).is_history) == (kind, is_history)


@pytest.mark.parametrize(
	"name",
	["customer.csv", "customersbackup.csv", "invoices.csv", "customers.txt", "../customers.csv", ".csv"],
)
def test_a_name_without_kind_is_refused(name):
	with pytest.raises(WrongFile):
		read_name(name)


def test_files_are_read_as_their_rows_stand_on_each_other():
	names = ["documents-1.csv", "what.csv", "customers-2.csv", "customers-1.csv", "products.csv"]
	assert sorted(names, key=file_order) == [
		"products.csv",
		"customers-1.csv",
		"customers-2.csv",
		"documents-1.csv",
		"what.csv",
	]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_headings_are_the_fields_of_the_push(read, separator):
	lines = ("id,version,customer_name,notes", "C-1,7,Ferretería El Tornillo,", "C-2,,Ñandú,\\N")
	assert read("\r\n".join(lines).replace(",", separator)) == [
		(
			2,
			{
				"kind": "customer",
				"id": "C-1",
				"version": "7",
				"data": {"customer_name": "Ferretería El Tornillo"},
			},
		),
		(3, {"kind": "customer", "id": "C-2", "data": {"customer_name": "Ñandú", "notes": None}}),
	]


def test_a_byte_order_mark_is_no_part_of_a_heading(read):
	assert read("id\nC-1\n".encode("utf-8-sig")) == [(2, {"kind": "customer", "id": "C-1"})]


def test_a_cell_of_mails_holds_several(read):
	((_line, row),) = read("id,emails,mobiles\nP-1,a@example.com; b@example.com,0991234567\n", "contacts.csv")
	assert row["data"] == {"emails": ["a@example.com", "b@example.com"], "mobiles": ["0991234567"]}


def test_lines_of_one_document_are_one_row(read):
	text = (
		"id,version,kind,number,items.product,items.quantity,origins.kind,origins.id\n"
		"F-1,1,invoice,001-1,A-1,2,proforma,P-9\n"
		"F-1,1,invoice,001-1,A-2,1,,\n"
		"F-1,,,,A-3,5,,\n"
		"F-2,1,invoice,001-2,,,,\n"
	)
	assert read(text, "documents.csv") == [
		(
			2,
			{
				"kind": "document",
				"id": "F-1",
				"version": "1",
				"data": {
					"kind": "invoice",
					"number": "001-1",
					"items": [
						{"product": "A-1", "quantity": "2"},
						{"product": "A-2", "quantity": "1"},
						{"product": "A-3", "quantity": "5"},
					],
					"origins": [{"kind": "proforma", "id": "P-9"}],
				},
			},
		),
		(
			5,
			{"kind": "document", "id": "F-2", "version": "1", "data": {"kind": "invoice", "number": "001-2"}},
		),
	]


def test_a_line_without_id_is_no_part_of_the_document_above(read):
	rows = read("id,items.product\nF-1,A-1\n,A-2\n", "documents.csv")
	assert [row.get("id") for _line, row in rows] == ["F-1", None]


def test_lines_of_one_document_that_contradict_each_other_are_refused(read):
	with pytest.raises(WrongFile, match="Line 3: number differs from line 2"):
		read("id,number,items.product\nF-1,1,A-1\nF-1,2,A-2\n", "documents.csv")


def test_rows_of_one_id_without_lists_stay_two(read):
	assert len(read("id,customer_name\nC-1,A\nC-1,B\n")) == 2


def test_true_and_false_are_no_texts(read):
	rows = read("id,cancelled,disabled,notes\nF-1,true,false,True\n", "documents.csv")
	assert rows[0][1] == {
		"kind": "document",
		"id": "F-1",
		"cancelled": True,
		"data": {"disabled": False, "notes": "True"},
	}


@pytest.mark.parametrize(
	("text", "reason"),
	[
		("customer_name\nA\n", "no column id"),
		("id,Razón social\nC-1,A\n", "no name of a field"),
		("id,,notes\nC-1,,\n", "no name of a field"),
		("id,notes,notes\nC-1,a,b\n", "more than one column notes"),
		("id;notes,city\nC-1;a\n", "more than one separator"),
		('id,notes\nC-1,"open\nC-2,b\n', "Line 2"),
		("id,notes\nC-1,a,beyond\n", "Line 2"),
		("id,notes\nC-1,ñ\n".encode("cp1252"), "not written in UTF-8"),
		(b"", "is empty"),
		(b"PK\x03\x04", "damaged"),
		("<html><table></table></html>", "web page"),
	],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_reason(read, text, reason):
	with pytest.raises(WrongFile, match=reason):
		read(text)
