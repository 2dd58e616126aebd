"""Customers with their branches, contacts and addresses: one row for each customer, or for each of these of
one.

Rows of one customer have its external id, its code or its tax id in common; where they have none of these,
its name.
"""

from cronus_crm.cronus_exchange.targets.address_part import make_address_part
from cronus_crm.cronus_exchange.targets.contact_part import make_contact_part
from cronus_crm.cronus_exchange.targets.target import Field, Part, Target

CUSTOMER_FIELDS = (
	Field("name", "identifier", "Number", ("Número", "Número de cliente", "Customer number")),
	Field(
		"external_key",
		"identifier",
		"External id",
		("ID externo", "External key", "ID", "Identificador", "Clave"),
	),
	Field("code", "identifier", aliases=("Código", "Código de cliente", "Customer code", "No. cliente")),
	Field(
		"customer_name",
		aliases=(
			"Nombre",
			"Name",
			"Razón social",
			"Empresa",
			"Company",
			"Nombre del cliente",
			"Customer name",
			"Compañía",
		),
	),
	Field(
		"tax_id",
		"tax id",
		aliases=(
			"RUC",
			"RFC",
			"NIT",
			"RUT",
			"CUIT",
			"Cédula",
			"Identificación",
			"Identificación fiscal",
			"NIF",
			"CIF",
			"RNC",
			"RUC/CI",
		),
	),
	Field("account_type"),
	Field("parent_customer", aliases=("Pertenece a", "Matriz", "Subsidiary of", "Casa matriz")),
	Field("business_line", aliases=("Giro", "Sector", "Industria", "Industry", "Actividad")),
	Field("seller", aliases=("Vendedor", "Agente", "Asesor", "Comercial", "Ejecutivo", "Sales person")),
	Field("work_center", aliases=("Oficina",)),
	Field(
		"phone",
		"phone",
		aliases=("Teléfono", "Teléfonos", "Telf", "Tel", "Fono", "Telephone", "Phone number"),
	),
	Field("email", aliases=("Correo", "Correo electrónico", "Email", "Mail", "E-mail")),
	Field("website", aliases=("Sitio web", "Página web", "Web", "URL")),
	Field("city", aliases=("Ciudad", "Localidad", "Town")),
	Field("country", aliases=("País",)),
	Field("annual_revenue", aliases=("Ingresos", "Ventas anuales", "Revenue", "Facturación")),
	Field("employees", aliases=("Empleados", "Nº de empleados", "Número de empleados")),
	Field("year_established", aliases=("Año de fundación", "Fundación", "Founded")),
	Field("notes", aliases=("Notas", "Observaciones", "Comentarios", "Remarks")),
	Field("currency", aliases=("Moneda",)),
	Field("payment_days", aliases=("Días de crédito", "Plazo")),
	Field("payment_terms"),
	Field("credit_limit", aliases=("Cupo", "Límite de crédito")),
	Field("price_list", aliases=("Lista de precios",)),
	Field("follow_up_type", aliases=("Tipo de seguimiento",)),
	Field("follow_up_days", aliases=("Días de seguimiento",)),
	Field("follow_up_time", "text", aliases=("Hora de seguimiento",)),
	Field("disabled"),
)

BRANCH_FIELDS = (
	Field("name", "identifier", "Number", ("Número de sucursal", "Branch number")),
	Field("code", "identifier", aliases=("Código de sucursal", "Branch code")),
	Field(
		"branch_name",
		label="Name",
		aliases=("Sucursal", "Branch", "Nombre de la sucursal", "Local", "Establecimiento"),
	),
	Field("city", aliases=("Ciudad de la sucursal", "Branch city")),
	Field("province", aliases=("Provincia", "Estado", "Departamento", "Province")),
	Field("country", aliases=("País de la sucursal",)),
	Field("phone", "phone", aliases=("Teléfono de la sucursal", "Branch phone")),
	Field("email", aliases=("Correo de la sucursal", "Branch e-mail")),
	Field("work_center"),
	Field("notes"),
	Field("disabled"),
)


TARGET = Target(
	name="Customers",
	parts=(
		Part(
			name="Customer",
			doctype="Cronus Customer",
			fields=CUSTOMER_FIELDS,
			needs="customer_name",
			keys=("name", "external_key", "code", "tax_id"),
			unique=(("external_key",), ("code",)),
			table="criteria",
		),
		Part(
			name="Branch",
			doctype="Cronus Customer Branch",
			fields=BRANCH_FIELDS,
			needs="branch_name",
			keys=("name", "code", "branch_name"),
			parent="Customer",
			parent_field="customer",
			unique=(("customer", "code"), ("customer", "branch_name")),
		),
		make_contact_part("Customer"),
		make_address_part("Customer"),
	),
	examples=(
		{
			"Customer.external_key": "1001",
			"Customer.customer_name": "Ferretería El Tornillo S.A.",
			"Customer.tax_id": "1790011674001",
			"Customer.phone": "02 234 5678",
			"Customer.email": "ventas@example.com",
			"Customer.city": "Quito",
			"Branch.code": "001",
			"Branch.branch_name": "Matriz",
			"Branch.city": "Quito",
			"Contact.first_name": "Ana",
			"Contact.last_name": "Paredes",
			"Contact.emails": "ana@example.com",
			"Contact.mobiles": "0991234567; 0987654321",
			"Address.address_line1": "Av. 10 de Agosto 123",
			"Address.city": "Quito",
		},
		{
			"Customer.external_key": "1001",
			"Branch.code": "002",
			"Branch.branch_name": "Cuenca",
			"Branch.city": "Cuenca",
			"Contact.first_name": "Luis",
			"Contact.last_name": "Mora",
		},
	),
	similar={"name": "customer_name", "tax_id": "tax_key", "phone": "phone_key", "email": "email_key"},
)
