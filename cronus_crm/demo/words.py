"""What people of the demo write, in the languages it speaks. `{contact}` and `{customer}` stand for names."""

LANGUAGES = ("es", "en")

# How often a deal of the family is called each of these.
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
		("Task", "Preparar el informe semanal de ventas"),
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
