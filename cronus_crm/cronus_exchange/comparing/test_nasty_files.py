"""Files as people really have them: each is read with what is proposed, and says what has to come of it."""

from dataclasses import dataclass, field
from io import BytesIO

import frappe
import pytest
from openpyxl import Workbook

from cronus_crm.cronus_exchange.comparing.compare import Comparer
from cronus_crm.cronus_exchange.comparing.import_settings import read_settings
from cronus_crm.cronus_exchange.proposing.proposal import propose_choices, reread_columns
from cronus_crm.cronus_exchange.reading.rows import iterate_data
from cronus_crm.cronus_exchange.running.import_state import IMPORT
from tests.scaffold import make_seller

HEAD = "Nombre,RUC,Ciudad,Teléfono,Correo,Sitio web,Empleados,Notas\n"


@dataclass(frozen=True)
class Nasty:
	"""A file. contents: text, or bytes. rows: by line, the values that have to come of it, or a part of the
	reason why it is refused. choices: set after the proposal. encoding: of a text."""

	name: str
	contents: str | bytes
	rows: dict[int, dict | str]
	choices: dict = field(default_factory=dict)
	encoding: str = "utf-8"
	file_name: str = "a.csv"
	target: str = "Customers"


def row(name="Acme", tax="", city="", phone="", mail="", site="", employees="", notes="") -> str:
	return ",".join((name, tax, city, phone, mail, site, employees, notes)) + "\n"


def workbook(*rows, sheets: int = 1) -> bytes:
	book = Workbook()
	for cells in rows:
		book.active.append(cells)
	for number in range(1, sheets):
		book.create_sheet(f"Otra {number}").append(["x"])
	file = BytesIO()
	book.save(file)
	return file.getvalue()


def customer(text: str, rows: dict, name: str, **more) -> Nasty:
	return Nasty(name, HEAD + text, rows, **more)


COMMA = {"decimal_mark": "Comma", "thousands_mark": "Point"}
EC = {"country": "Ecuador", "tax_country": "Ecuador"}

FILES = [
	customer(row("Peñaflor"), {2: {"customer_name": "Peñaflor"}}, "accents composed"),
	customer(row("Pen\u0303aflor"), {2: {"customer_name": "Peñaflor"}}, "accents decomposed"),
	customer(row("Acme\u00a0\u00a0S.A."), {2: {"customer_name": "Acme S.A."}}, "no-break spaces"),
	customer(row("\u200bAcme\ufeff"), {2: {"customer_name": "Acme"}}, "invisible characters"),
	customer(row("  Acme   S.A. "), {2: {"customer_name": "Acme S.A."}}, "many spaces"),
	customer(
		row('"Acme, Hijos y Cía."'), {2: {"customer_name": "Acme, Hijos y Cía."}}, "a separator in quotes"
	),
	customer(row('"El ""Tornillo"""'), {2: {"customer_name": 'El "Tornillo"'}}, "quotes in quotes"),
	customer(
		row(notes='"uno\ndos"') + row("B"),
		{2: {"notes": "uno\ndos"}, 4: {"customer_name": "B"}},
		"a line break in a cell",
	),
	customer(
		row('"Acme" S.A.') + row("B"), {2: "quotation marks", 3: {"customer_name": "B"}}, "text behind quotes"
	),
	customer(row(tax="66050.0"), {2: {"tax_id": "66050"}}, "a whole number with .0"),
	customer(row(tax="8.18308707E9"), {2: "shortens"}, "a shortened number"),
	customer(row(tax="8.183087071E9"), {2: {"tax_id": "8183087071"}}, "scientific notation that is complete"),
	customer(row(phone="8.18308707E9"), {2: "shortens"}, "a shortened telephone"),
	customer(row(tax="926687856"), {2: "leading zero"}, "a leading zero lost", choices=EC),
	customer(row(tax="0926687856"), {2: {"tax_id": "0926687856"}}, "a leading zero kept", choices=EC),
	customer(row(tax="N/A"), {2: {"tax_id": None}}, "not applicable"),
	customer(
		row(tax="-", phone="s/n", mail="S/N"), {2: {"tax_id": None, "phone": None, "email": None}}, "dashes"
	),
	customer(
		row(phone="022345678 / 0991234567"), {2: {"phone": "022345678"}}, "telephones by a slash", choices=EC
	),
	customer(
		row(phone='"022345678, 0991234567"'), {2: {"phone": "022345678"}}, "telephones by a comma", choices=EC
	),
	customer(
		row(phone="022345678;0991234567"),
		{2: {"phone": "022345678"}},
		"telephones by a semicolon",
		choices=EC,
	),
	customer(
		row(phone="022345678 y 0991234567"), {2: {"phone": "022345678"}}, "telephones by a word", choices=EC
	),
	customer(
		row(phone="Tel.: 022345678"), {2: {"phone": "022345678"}}, "a word before a telephone", choices=EC
	),
	customer(row(phone="022345678 Int. 104"), {2: {"phone": "022345678 #104"}}, "an extension", choices=EC),
	customer(
		row(phone="02-2345678 o 2456789"), {2: {"phone": "02-2345678"}}, "no second area code", choices=EC
	),
	customer(row(phone="preguntar por Ana"), {2: "telephone"}, "words for a telephone"),
	customer(row(mail="ana@x.ec / luis@x.ec"), {2: {"email": "ana@x.ec"}}, "two mails"),
	customer(row(mail="ana at x"), {2: "e-mail"}, "no mail"),
	customer(row("<b>Acme</b> &amp; Co"), {2: {"customer_name": "Acme & Co"}}, "HTML in a name"),
	customer(row("5 < 6 & 7"), {2: {"customer_name": "5 < 6 & 7"}}, "what only looks like HTML"),
	customer(row("<script>alert(1)</script>Acme"), {2: {"customer_name": "alert(1)Acme"}}, "a script"),
	customer(row("'=1+1"), {2: {"customer_name": "=1+1"}}, "a neutralised formula"),
	customer(row("=HYPERLINK(1)"), {2: {"customer_name": "=HYPERLINK(1)"}}, "a formula"),
	customer(row(site="www.acme.com"), {2: {"website": "https://www.acme.com"}}, "no scheme"),
	customer(row(site="WWW.ACME.COM"), {2: {"website": "https://www.acme.com"}}, "a scheme in capitals"),
	customer(row(site="no tiene"), {2: "web site"}, "no site"),
	customer(row(site="javascript:alert(1)"), {2: "web site"}, "a script for a site"),
	customer(row(employees="101 a 250 personas"), {2: "not a number"}, "a range"),
	customer(row(employees="2010-07"), {2: "not a number"}, "a part of a date for a number"),
	customer(row(employees="12.5"), {2: "whole number"}, "a fraction", choices={"decimal_mark": "Point"}),
	customer(row(employees="1.234"), {2: {"employees": 1234}}, "thousands by a point", choices=COMMA),
	customer(
		row(employees='"1,234"'),
		{2: {"employees": 1234}},
		"thousands by a comma",
		choices={"decimal_mark": "Point", "thousands_mark": "Comma"},
	),
	customer(row(employees="9" * 15), {2: "too large"}, "a huge number"),
	customer(row("A" * 200), {2: "200 characters"}, "a long name"),
	customer("\n ,,,,,,,\n" + row(), {4: {"customer_name": "Acme"}}, "empty lines"),
	customer(row() + "TOTAL,,,,,,5,\n", {2: {}, 3: "totals"}, "a row of totals"),
	customer("Acme,,,,,,,,sobra\n", {2: "headings"}, "a cell too many"),
	customer("Acme\n", {2: {"customer_name": "Acme"}}, "cells too few"),
	customer(",1790011674001,,,,,,\n", {2: "needs"}, "no name"),
	customer(row(employees="#N/A"), {2: "error of the spreadsheet"}, "a value that was not found"),
	customer(row("#REF!"), {2: "error of the spreadsheet"}, "a formula that failed"),
	customer(row("Ã‘andÃº"), {2: "Probably it is Ñandú"}, "letters read in another encoding"),
	customer(row("Pe\ufffda"), {2: "has lost characters"}, "letters that are lost"),
	customer(
		row(mail="Ana Paredes <ana@x.ec>"), {2: {"email": "ana@x.ec"}}, "a mail with the name of a person"
	),
	customer(row(notes="uno_x000D_"), {2: {"notes": "uno"}}, "a line break of a workbook"),
	customer(
		row() + HEAD + row("B"),
		{3: "repeats the headings", 4: {"customer_name": "B"}},
		"headings on each page",
	),
	Nasty(
		"a title above the headings",
		"Directorio de clientes\nAl 3 de abril\n\nNombre;RUC;Ciudad\nAcme;1;Quito\n",
		{5: {"customer_name": "Acme", "city": "Quito"}},
	),
	Nasty(
		"months by name",
		"Nombre;Fecha\nA;3-abr-2025\nB;3 de abril de 2025\nC;Apr 3, 2025\nD;12-ene-25\nE;3 de tal de 2025\n",
		{
			**{line: {"contacted_on": "2025-04-03"} for line in (2, 3, 4)},
			5: "two digits",
			6: "not a date",
		},
		target="Prospects",
	),
	Nasty(
		"moments for dates",
		"Nombre;Fecha\nA;2025-04-03T14:22:10Z\nB;2025-04-03 14:22\n",
		{2: {"contacted_on": "2025-04-03"}, 3: {"contacted_on": "2025-04-03"}},
		target="Prospects",
	),
	Nasty(
		"names that are other ones here",
		"Nombre;Medio de contacto\nA;Boca a boca\nB;boca  a Boca\nC;Radio\n",
		{2: {"medium": "Referral"}, 3: {"medium": "Referral"}, 4: "there is no"},
		{"other_names": "Boca a boca = Referral"},
		target="Prospects",
	),
	Nasty("doubled headings", "Nombre,Ciudad,Ciudad\nAcme,Quito,Loja\n", {2: {"city": "Quito"}}),
	Nasty(
		"empty columns", ",Nombre,,Ciudad,\n,Acme,,Quito,\n", {2: {"customer_name": "Acme", "city": "Quito"}}
	),
	Nasty("headings in capitals", "NOMBRE , CIUDAD\nAcme,Quito\n", {2: {"city": "Quito"}}),
	Nasty(
		"headings in English", "Customer,City,Tax id\nAcme,Quito,9\n", {2: {"city": "Quito", "tax_id": "9"}}
	),
	Nasty(
		"two hundred columns",
		"Nombre," + ",".join(f"X{n}" for n in range(199)) + "\nAcme," + "x," * 198 + "x\n",
		{2: {"customer_name": "Acme"}},
	),
	Nasty(
		"Windows-1252",
		(HEAD + row("Compañía Ñandú", city="Ibarra")) * 1,
		{2: {"customer_name": "Compañía Ñandú"}},
		encoding="cp1252",
	),
	Nasty("UTF-16", HEAD + row("Ñandú"), {2: {"customer_name": "Ñandú"}}, encoding="utf-16"),
	Nasty("a byte order mark", HEAD + row("Ñandú"), {2: {"customer_name": "Ñandú"}}, encoding="utf-8-sig"),
	Nasty(
		"tabs",
		HEAD.replace(",", "\t") + row("A,B").replace(",", "\t"),
		{2: {"customer_name": "A"}},
		file_name="a.tsv",
	),
	Nasty(
		"semicolons",
		HEAD.replace(",", ";") + "Acme, S.A.;1;Quito;;;;;\n",
		{2: {"customer_name": "Acme, S.A."}},
	),
	Nasty(
		"lines of Windows",
		HEAD.replace("\n", "\r\n") + row().replace("\n", "\r\n"),
		{2: {"customer_name": "Acme"}},
	),
	Nasty(
		"lines of old Macs",
		HEAD.replace("\n", "\r") + row().replace("\n", "\r"),
		{2: {"customer_name": "Acme"}},
	),
	Nasty("Excel's own separator", "sep=;\nNombre;Ciudad\nAcme;Quito\n", {3: {"city": "Quito"}}),
	Nasty(
		"a country in another language",
		"Nombre,País\nA,España\nB,EIRE\nC,RSA\nD,Brasil\nE,ZAF\n",
		{
			2: {"country": "Spain"},
			3: {"country": "Ireland"},
			4: {"country": "South Africa"},
			5: {"country": "Brazil"},
			6: {"country": "South Africa"},
		},
	),
	Nasty("a country that is none", "Nombre,País\nA,Narnia\n", {2: "there is no"}),
	Nasty(
		"an option in Spanish",
		"Nombre,Tipo de cuenta,Deshabilitado\nA,proveedor,Sí\n",
		{2: {"account_type": "Supplier", "disabled": 1}},
	),
	Nasty("neither yes nor no", "Nombre,Deshabilitado\nA,quizás\n", {2: "neither"}),
	Nasty(
		"a linked value in another case",
		"Nombre,Medio de contacto,Fecha\nA,referral,03/04/2025\n",
		{2: {"medium": "Referral"}},
		target="Prospects",
	),
	Nasty(
		"a linked value with a slip",
		"Nombre,Medio de contacto\nA,Referal\n",
		{2: "Is it"},
		target="Prospects",
	),
	Nasty(
		"dates by day",
		"Nombre,Fecha\nA,03/04/2025\nB,25/12/2024\nC,31/02/2025\nD,12/25/2024\n",
		{2: {"contacted_on": "2025-04-03"}, 4: "calendar", 5: "order"},
		target="Prospects",
	),
	Nasty(
		"dates by month",
		"Nombre,Fecha\nA,03/04/2025\nB,12/25/2024\n",
		{2: {"contacted_on": "2025-03-04"}},
		target="Prospects",
	),
	Nasty(
		"dates by year",
		"Nombre,Fecha\nA,2025-04-03\nB,2010-07\n",
		{2: {"contacted_on": "2025-04-03"}, 3: "part of a date"},
		target="Prospects",
	),
	Nasty(
		"the first of a month",
		"Nombre,Fecha\nA,2010-07\n",
		{2: {"contacted_on": "2010-07-01"}},
		{"first_of_partial": 1},
		target="Prospects",
	),
	Nasty("years of two digits", "Nombre,Fecha\nA,03/04/25\n", {2: "two digits"}, target="Prospects"),
	Nasty(
		"a workbook",
		workbook(["Nombre", "RUC", "Empleados"], ["Ñandú", 1790011674001.0, 12.0]),
		{2: {"tax_id": "1790011674001", "employees": 12}},
		file_name="a.xlsx",
	),
	Nasty(
		"a workbook with a title",
		workbook(["Directorio"], [], ["Nombre", "Ciudad"], ["A", "Quito"]),
		{4: {"city": "Quito"}},
		{"heading_line": 3, "reads_anew": True},
		file_name="a.xlsx",
	),
	Nasty(
		"digits that a workbook has lost",
		workbook(["Nombre", "RUC"], ["A", 17900116740012345.0]),
		{2: "lost digits"},
		file_name="a.xlsx",
	),
]


def test_there_are_enough_of_them():
	assert len(FILES) >= 60


@pytest.mark.parametrize("nasty", FILES, ids=lambda nasty: nasty.name)
def test_a_nasty_file_is_read_for_what_it_is(nasty):
	contents = nasty.contents if isinstance(nasty.contents, bytes) else nasty.contents.encode(nasty.encoding)
	file = frappe.get_doc(
		{"doctype": "File", "file_name": nasty.file_name, "content": contents, "is_private": 1}
	).insert()
	doc = frappe.get_doc({"doctype": IMPORT, "target": nasty.target, "file": file.file_url})
	doc.update({"file_name": nasty.file_name, "default_seller": make_seller().name, "country": "Ecuador"})
	doc.seller_rule = "By column"
	propose_choices(doc)
	doc.tax_country = None
	choices = dict(nasty.choices)
	if choices.pop("reads_anew", False):
		doc.heading_line = choices["heading_line"]
		reread_columns(doc)
	doc.update(choices)
	settings = read_settings(doc)
	rows = list(iterate_data(settings.path, settings.reading, settings.file_name))
	plans = {plan.line: plan for plan in Comparer(settings).plan_rows(rows)}
	for line, expected in nasty.rows.items():
		plan = plans[line]
		if isinstance(expected, str):
			assert plan.outcome == "Wrong", (plan.outcome, plan.read.values)
			assert expected in "; ".join(plan.reasons)
		else:
			assert plan.outcome == "New", plan.reasons
			values = plan.read.values[settings.target.root.name]
			assert {name: shown(values.get(name)) for name in expected} == expected


def shown(value):
	return str(value) if hasattr(value, "isoformat") else value
