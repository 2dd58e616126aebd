"""Prospects, one row for each."""

from cronus_crm.cronus_exchange.targets.target import Field, Part, Target

TARGET = Target(
	name="Prospects",
	parts=(
		Part(
			name="Prospect",
			doctype="Cronus Prospect",
			fields=(
				Field("name", "identifier", "Number", ("Número", "Número de prospecto", "Prospect number")),
				Field(
					"external_key", "identifier", "External id", ("ID externo", "External key", "ID", "Folio")
				),
				Field("contacted_on", aliases=("Fecha", "Date", "Fecha de contacto")),
				Field("prospect_name", aliases=("Nombre", "Name", "Contacto")),
				Field("company_name", aliases=("Empresa", "Company", "Razón social")),
				Field("business_line", aliases=("Giro", "Sector", "Industria")),
				Field("tax_id", "tax id", aliases=("RUC", "RFC", "NIT", "RUT", "CUIT")),
				Field("phone", "phone", aliases=("Teléfono", "Tel", "Celular", "Telephone")),
				Field("email", aliases=("Correo", "Correo electrónico", "Email")),
				Field("medium", aliases=("Medio de contacto", "Medio", "Origen", "Source")),
				Field("city", aliases=("Ciudad",)),
				Field("province", aliases=("Provincia", "Estado")),
				Field("seller", aliases=("Vendedor", "Agente", "Usuario")),
				Field("work_center", aliases=("Centro de trabajo",)),
				Field("subject", aliases=("Asunto",)),
				Field("internal_notes", aliases=("Notas internas", "Observaciones")),
			),
			needs="prospect_name",
			keys=("name", "external_key"),
		),
	),
	similar={"name": "company_name", "tax_id": "tax_key", "phone": "phone_key", "email": "email_key"},
)
