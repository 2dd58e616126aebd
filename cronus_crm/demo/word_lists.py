"""Texts of the demo by language. `{contact}` and `{customer}` are replaced by names."""

LANGUAGES = ("es", "en")

# Titles of deals by the product family of their first line.
TITLES = {
	"es": {
		"Punto de venta": ("Cajas nuevas para {customer}", "Renovación de cajas de {customer}"),
		"Captura de datos": ("Toma de inventario de {customer}", "Lectores para bodega de {customer}"),
		"Impresión": ("Etiquetado de {customer}", "Impresoras para {customer}"),
		"Suministros": ("Reposición de suministros de {customer}", "Suministros del mes de {customer}"),
		"Pesaje": ("Balanzas para {customer}",),
		"Redes": ("Red del local de {customer}",),
		"Programas": ("Licencias de {customer}", "Inventario en línea de {customer}"),
		"Servicios": ("Soporte de {customer}", "Puesta en marcha de {customer}"),
	},
	"en": {
		"Punto de venta": ("New tills for {customer}", "Renewal of the tills of {customer}"),
		"Captura de datos": ("Stock taking of {customer}", "Readers for the warehouse of {customer}"),
		"Impresión": ("Labelling of {customer}", "Printers for {customer}"),
		"Suministros": ("Supplies for {customer}", "This month's supplies of {customer}"),
		"Pesaje": ("Scales for {customer}",),
		"Redes": ("Network of the shop of {customer}",),
		"Programas": ("Licences of {customer}", "Online stock of {customer}"),
		"Servicios": ("Support of {customer}", "Start-up of {customer}"),
	},
}

# Units of goods and of services.
UNITS = {"es": ("Unidad", "Servicio"), "en": ("Unit", "Service")}
PRICE_LISTS = {"es": ("Mayoristas",), "en": ("Wholesale",)}
TERMS = {"es": ("Mitad a 30 días y mitad a 60",), "en": ("Half in 30 days, half in 60",)}

# (type of activity, subject): at the beginning of a deal, once it has a proforma, and between deals.
FIRST_STEPS = {
	"es": (
		("Call", "Llamar a {contact} de {customer} para conocer qué necesita"),
		("Visit", "Visitar el local de {customer} y revisar los equipos actuales"),
		("Meeting", "Demostración de equipos a {customer}"),
		("Message", "Enviar el catálogo a {contact} de {customer}"),
	),
	"en": (
		("Call", "Call {contact} of {customer} to learn what they need"),
		("Visit", "Visit the shop of {customer} and look at their equipment"),
		("Meeting", "Show the equipment to {customer}"),
		("Message", "Send the catalogue to {contact} of {customer}"),
	),
}
LATER_STEPS = {
	"es": (
		("Call", "Llamar a {contact} de {customer}: dudas sobre la proforma"),
		("Meeting", "Negociar plazo y precio con {contact} de {customer}"),
		("Message", "Escribir a {contact} de {customer} con las fechas de entrega"),
		("Visit", "Visitar a {customer} para cerrar el pedido"),
	),
	"en": (
		("Call", "Call {contact} of {customer}: questions about the proforma"),
		("Meeting", "Negotiate terms and price with {contact} of {customer}"),
		("Message", "Write to {contact} of {customer} about delivery dates"),
		("Visit", "Visit {customer} to close the order"),
	),
}
ROUTINE = {
	"es": (
		("Task", "Preparar el reporte semanal de ventas"),
		("Call", "Llamar a {contact} de {customer}: cómo va todo"),
		("Visit", "Visita de cortesía a {customer}"),
		("Task", "Actualizar los datos de {customer}"),
	),
	"en": (
		("Task", "Prepare the weekly sales report"),
		("Call", "Call {contact} of {customer}: how things are going"),
		("Visit", "Courtesy visit to {customer}"),
		("Task", "Bring the data of {customer} up to date"),
	),
}
NOTES = {
	"es": (
		"",
		"",
		"Pide que le llamen por la mañana.",
		"Compara con otro proveedor.",
		"El pago lo aprueba la gerencia.",
		"Quiere la entrega antes de fin de mes.",
	),
	"en": (
		"",
		"",
		"Asks to be called in the morning.",
		"Compares with another supplier.",
		"The management approves payments.",
		"Wants delivery before the end of the month.",
	),
}

# One task of each type, for agendas with too few of them.
AGENDA = {
	"es": (
		("Call", "Llamar a {contact} de {customer} por el pedido del mes"),
		("Collection", "Confirmar con {contact} la fecha de pago de {customer}"),
		("Meeting", "Reunión con {contact} de {customer}: plan de compras"),
		("Visit", "Visitar a {customer} con las muestras nuevas"),
		("Message", "Escribir a {contact} de {customer} con la lista de precios"),
		("Follow-up", "Dar seguimiento a la consulta de {customer}"),
		("Task", "Preparar la propuesta de renovación de {customer}"),
	),
	"en": (
		("Call", "Call {contact} of {customer} about this month's order"),
		("Collection", "Ask {contact} when {customer} will pay"),
		("Meeting", "Meet {contact} of {customer}: what they plan to buy"),
		("Visit", "Visit {customer} with the new samples"),
		("Message", "Write to {contact} of {customer} with the price list"),
		("Follow-up", "Follow up the enquiry of {customer}"),
		("Task", "Prepare the renewal offer for {customer}"),
	),
}
# What a prospect asks for, what the seller does about it, and the appointment with them.
SUBJECTS = {
	"es": (
		"Cotización de dos cajas completas",
		"Etiquetas para producto propio",
		"Balanza con impresora",
		"Cambiar el sistema de inventario",
		"Lectores para toma física",
		"Abre un segundo local en dos meses",
		"Pide precios por mayor de rollos térmicos",
	),
	"en": (
		"Price of two complete tills",
		"Labels for their own products",
		"Scale with a printer",
		"A new stock system",
		"Readers for stock taking",
		"Opens a second shop in two months",
		"Wholesale prices of thermal rolls",
	),
}
PROSPECT_STEPS = {
	"es": (
		("Call", "Llamar a {contact} de {customer}: qué necesita y para cuándo"),
		("Message", "Enviar a {contact} el catálogo y los precios"),
		("Follow-up", "Dar seguimiento a {contact} de {customer}"),
		("Visit", "Visitar a {customer} y medir el espacio de las cajas"),
	),
	"en": (
		("Call", "Call {contact} of {customer}: what they need and when"),
		("Message", "Send {contact} the catalogue and the prices"),
		("Follow-up", "Follow up with {contact} of {customer}"),
		("Visit", "Visit {customer} and measure the space for the tills"),
	),
}
APPOINTMENT = {
	"es": (("Meeting", "Cita con {contact} de {customer}"),),
	"en": (("Meeting", "Appointment with {contact} of {customer}"),),
}
PROSPECT_NOTES = {
	"es": (
		"Escribió por una publicación y pide que le llamen por la tarde.",
		"Hoy lleva todo en cuaderno; quiere empezar con lo básico.",
		"Tiene equipos de otra marca con cinco años de uso.",
		"Decide junto con su socio.",
	),
	"en": (
		"Wrote because of a post and asks to be called in the afternoon.",
		"Keeps everything in a notebook; wants to begin with the basics.",
		"Has equipment of another brand, five years old.",
		"Decides together with a partner.",
	),
}
INTERNAL_NOTES = {
	"es": ("", "", "Buen candidato para el plan de soporte.", "Revisar el crédito antes de cotizar."),
	"en": ("", "", "A good candidate for the support plan.", "Look at their credit before quoting."),
}

POSITIONS = {
	"es": ("Gerencia", "Compras", "Contabilidad", "Sistemas", "Bodega", "Administración"),
	"en": ("Management", "Purchasing", "Accounting", "IT", "Warehouse", "Administration"),
}
BRANCHES = {
	"es": ("Matriz", "Sucursal Norte", "Sucursal Sur", "Bodega"),
	"en": ("Head office", "North branch", "South branch", "Warehouse"),
}
# Criteria by which customers are classified, with the values of each; the ERP sends the last one.
CRITERIA = {
	"es": (
		("Zona", ("Norte", "Centro", "Sur")),
		("Tipo de cliente", ("Cadena", "Independiente", "Institución")),
		("Clasificación", ("A", "B", "C")),
	),
	"en": (
		("Zone", ("North", "Centre", "South")),
		("Kind of customer", ("Chain", "Independent", "Institution")),
		("Class", ("A", "B", "C")),
	),
}
# Comments: below an activity, and below a customer.
ACTIVITY_REMARKS = {
	"es": (
		"Quedó conforme; pasar la próxima semana con el contrato.",
		"Atendió la asistente. Volver a llamar después de las tres.",
		"Pidió las condiciones por correo; ya se enviaron.",
	),
	"en": (
		"Was content; bring the contract next week.",
		"Spoke to the assistant. Call again after three.",
		"Asked for the terms by e-mail; they have been sent.",
	),
}
REMARKS = {
	"es": (
		"Compra más en noviembre: reservar inventario desde octubre.",
		"La bodega recibe solo hasta las cuatro de la tarde.",
		"Las facturas van con copia a contabilidad.",
		"Piensa abrir otro local el próximo año.",
	),
	"en": (
		"Buys most in November: set stock aside from October.",
		"The warehouse receives until four only.",
		"Accounting gets a copy of each invoice.",
		"Thinks of opening another shop next year.",
	),
}
# In the order of `holidays.list_holidays`.
HOLIDAYS = {
	"es": (
		"Año Nuevo",
		"Día del Trabajo",
		"Batalla de Pichincha",
		"Primer Grito de Independencia",
		"Independencia de Guayaquil",
		"Día de los Difuntos",
		"Independencia de Cuenca",
		"Navidad",
		"Lunes de Carnaval",
		"Martes de Carnaval",
		"Viernes Santo",
	),
	"en": (
		"New Year",
		"Labour Day",
		"Battle of Pichincha",
		"First Cry of Independence",
		"Independence of Guayaquil",
		"All Souls' Day",
		"Independence of Cuenca",
		"Christmas",
		"Carnival Monday",
		"Carnival Tuesday",
		"Good Friday",
	),
}
