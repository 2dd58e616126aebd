"""The address of a row: one of the framework's, linked to the customer."""

import frappe
from frappe import _
from frappe.model.document import Document

from cronus_crm.cronus_exchange.targets.target import Field, Part

ADDRESS = "Address"


def build_address(values: dict, above: dict[str, Document]) -> Document:
	"""A new address, linked to the record of its row, and with its city and country, or the country of the
	import, where the row has no other.

	Raises frappe.ValidationError without a city or a country.
	"""
	(record,) = above.values()
	address = frappe.new_doc(ADDRESS)
	address.update(values)
	known = frappe.db.get_value(record.doctype, record.name, ["city", "country"], as_dict=True) or {}
	address.city = address.city or known.get("city")
	address.country = address.country or known.get("country") or record.country
	for fieldname in ("city", "country"):
		if not address.get(fieldname):
			frappe.throw(
				_("an address needs {0}. Write it in a column of the address, or of the customer").format(
					_(address.meta.get_label(fieldname), context=ADDRESS)
				)
			)
	address.append("links", {"link_doctype": record.doctype, "link_name": record.name})
	return address


def make_address_part(parent: str) -> Part:
	"""The address of a part, by the name of that part. It is known again by its first line."""
	return Part(
		name="Address",
		doctype=ADDRESS,
		fields=(
			Field("address_type", aliases=("Tipo de dirección", "Address type")),
			Field(
				"address_line1",
				label="Street and number",
				aliases=(
					"Dirección",
					"Calle",
					"Calle y número",
					"Domicilio",
					"Address line 1",
					"Street",
					"Address",
				),
			),
			Field("address_line2", label="More of the address", aliases=("Dirección 2", "Address line 2")),
			Field("city", label="City", aliases=("Ciudad de la dirección", "Address city")),
			Field("state", label="State or province", aliases=("Estado de la dirección", "Address state")),
			Field(
				"pincode", label="Postal code", aliases=("Código postal", "CP", "ZIP", "ZIP code", "Postcode")
			),
			Field("country", label="Country", aliases=("País de la dirección", "Address country")),
			Field("phone", "phone", "Phone", ("Teléfono de la dirección",)),
			Field("email_id", label="E-mail", aliases=("Correo de la dirección",)),
			Field("is_primary_address", label="Preferred for billing"),
			Field("is_shipping_address", label="Preferred for shipping"),
		),
		needs="address_line1",
		keys=("address_line1",),
		parent=parent,
		build=build_address,
		linked=True,
	)
