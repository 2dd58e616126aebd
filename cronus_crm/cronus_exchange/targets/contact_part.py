"""The contact of a row: a person of the customer, with all telephones and mails of its cells as rows."""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document

from cronus_crm.cronus_exchange.targets.target import Field, Part

CONTACT = "Contact"

# What a contact has several of: field of a row, its table, the field in that table, and its mark of the
# first.
TABLES = {
	"emails": ("email_ids", "email_id", "is_primary"),
	"phones": ("phone_nos", "phone", "is_primary_phone"),
	"mobiles": ("phone_nos", "phone", "is_primary_mobile_no"),
}


def build_contact(values: dict, above: dict[str, Document]) -> Document:
	"""A new contact, linked to the customer and the branch of its row."""
	contact = frappe.new_doc(CONTACT)
	contact.update({name: value for name, value in values.items() if name not in TABLES})
	for name, (table, fieldname, first) in TABLES.items():
		for place, value in enumerate(values.get(name) or ()):
			if not any(row.get(fieldname) == value for row in contact.get(table)):
				contact.append(table, {fieldname: value, first: int(not place)})
	for record in above.values():
		contact.append("links", {"link_doctype": record.doctype, "link_name": record.name})
	return contact


def merge_contact(contact: Document, values: dict) -> dict:
	"""Changes a stored contact: plain fields, and rows that it does not have yet; none is removed or
	overwritten. Gives back what changed."""
	changes = {}
	for name, value in values.items():
		if name in TABLES:
			table, fieldname, _first = TABLES[name]
			added = missing_texts([row.get(fieldname) for row in contact.get(table)], value)
			for text in added:
				contact.append(table, {fieldname: text})
			if added:
				changes.setdefault(table, [[], []])[1].extend(added)
		elif (contact.get(name) or "") != (value or ""):
			changes[name] = [contact.get(name), value]
			contact.set(name, value)
	return changes


def missing_texts(known: Iterable[str], values: tuple[str, ...] | None) -> list[str]:
	"""The telephones or mails of a row that are not among the known ones, however those are written."""
	keys = {_key(text) for text in known}
	return [value for value in values or () if _key(value) not in keys]


def _key(text: str | None) -> str:
	return "".join(character for character in (text or "").lower() if character not in " -.()")


def make_contact_part(parent: str) -> Part:
	"""The contact of a part, by the name of that part."""
	return Part(
		name="Contact",
		doctype=CONTACT,
		fields=(
			Field("first_name", aliases=("Nombre del contacto", "Persona de contacto", "Contact name")),
			Field("last_name", aliases=("Apellidos", "Apellido")),
			Field("designation", aliases=("Cargo", "Job title", "Position", "Puesto")),
			Field("department", aliases=("Departamento del contacto", "Área", "Department")),
			Field("salutation", aliases=("Tratamiento", "Title")),
			Field("gender", aliases=("Género", "Sexo")),
			Field("emails", "emails", "E-mail", ("Correo del contacto", "Contact e-mail")),
			Field("phones", "phones", "Phone", ("Teléfono del contacto", "Contact phone")),
			Field(
				"mobiles", "phones", "Mobile", ("Celular del contacto", "Celular", "Móvil", "Contact mobile")
			),
		),
		needs="first_name",
		parent=parent,
		build=build_contact,
		merge=merge_contact,
		find_person=True,
	)
