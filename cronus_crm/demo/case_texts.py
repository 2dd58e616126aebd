"""Texts of the cases of the demo by language."""

from typing import NamedTuple


class Topic(NamedTuple):
	"""What a case is about. kind: name of a Cronus Case Type. asked: what the customer has said. note: an
	internal one. answer: ours. thanks: what they say in the end."""

	kind: str
	subject: str
	asked: str
	note: str
	answer: str
	thanks: str


# The promise that holds for all cases.
PROMISES = {"es": "Plazos de servicio", "en": "Service times"}

TOPICS = {
	"es": (
		Topic(
			"Fault",
			"La impresora de etiquetas se traba",
			"Desde ayer la impresora traba el papel cada tres etiquetas. Ya la limpiamos.",
			"Es la segunda vez este año: ver si sigue en garantía.",
			"Revise por favor que el rollo sea de 80 mm. Si sigue igual, pasamos mañana a primera hora.",
			"Era el rollo. Muchas gracias.",
		),
		Topic(
			"Question",
			"¿Cómo se registra una devolución en la caja?",
			"La persona nueva no sabe cómo anotar una devolución. ¿Nos pueden explicar?",
			"Conviene ofrecer la capacitación de dos horas.",
			"En la caja: Movimientos, Devolución, y escanee el comprobante. Le adjuntamos la guía.",
			"Perfecto, ya quedó claro.",
		),
		Topic(
			"Request",
			"Cambio de dirección de entrega",
			"Desde este mes reciban la mercadería en la bodega nueva, por favor.",
			"Avisar a despachos antes del próximo pedido.",
			"Ya cambiamos la dirección. El próximo pedido llegará a la bodega nueva.",
			"Gracias por la rapidez.",
		),
		Topic(
			"Complaint",
			"El pedido llegó incompleto",
			"Faltaron dos cajas de rollos térmicos en la entrega de hoy.",
			"En la nota de entrega constan todas: hablar con el transportista.",
			"Lamentamos el error. Las dos cajas salen hoy y no tienen costo de envío.",
			"Ya llegaron. Gracias.",
		),
		Topic(
			"Question",
			"¿Hay descuento por volumen en lectores?",
			"Queremos equipar tres locales más. ¿Qué precio nos darían por doce lectores?",
			"Es una venta: pasarla al vendedor como oportunidad.",
			"Con gusto. Su vendedor le enviará hoy una proforma por doce lectores.",
			"La esperamos.",
		),
	),
	"en": (
		Topic(
			"Fault",
			"The label printer jams",
			"Since yesterday the printer jams every three labels. We have cleaned it.",
			"The second time this year: see whether it is still under warranty.",
			"Please check that the roll is 80 mm wide. If it still jams, we come tomorrow morning.",
			"It was the roll. Thank you.",
		),
		Topic(
			"Question",
			"How is a return entered at the till?",
			"Our new colleague does not know how to enter a return. Could you explain?",
			"Offer the training of two hours.",
			"At the till: Movements, Return, and scan the receipt. The guide is attached.",
			"Perfect, it is clear now.",
		),
		Topic(
			"Request",
			"Change of the delivery address",
			"From this month on, please deliver to the new warehouse.",
			"Tell dispatch before the next order.",
			"The address is changed. The next order goes to the new warehouse.",
			"Thank you for being so quick.",
		),
		Topic(
			"Complaint",
			"The order came incomplete",
			"Two boxes of thermal rolls were missing in today's delivery.",
			"The delivery note has them all: talk to the carrier.",
			"We are sorry. The two boxes leave today, free of charge.",
			"They have arrived. Thank you.",
		),
		Topic(
			"Question",
			"Is there a discount for readers in volume?",
			"We want to equip three more shops. What would twelve readers cost?",
			"This is a sale: pass it to the seller as an opportunity.",
			"With pleasure. Your seller sends you a proforma for twelve readers today.",
			"We look forward to it.",
		),
	),
}

# What somebody says of their case, by rating.
COMMENTS = {
	"es": {
		5: "Rápido y muy amables.",
		3: "Se resolvió, pero llamé dos veces.",
		2: "Tardaron mucho.",
	},
	"en": {5: "Quick and very kind.", 3: "It was solved, but I had to call twice.", 2: "It took very long."},
}

TEAMS = {"es": ("Soporte técnico", "Atención al cliente"), "en": ("Technical support", "Customer care")}

# (name, text)
REPLIES = {
	"es": (
		(
			"Recibimos su caso",
			"Estimado/a {{ contact }}:\n\nRecibimos su caso {{ case }}, «{{ subject }}». Le respondemos "
			"dentro de las próximas horas hábiles.\n\n{{ agent }}\n{{ company }}",
		),
		(
			"¿Quedó resuelto?",
			"Estimado/a {{ contact }}:\n\n¿Quedó resuelto su caso {{ case }}? Si no nos escribe, lo "
			"cerraremos en unos días; con una respuesta suya se vuelve a abrir.\n\n{{ agent }}",
		),
	),
	"en": (
		(
			"We have your case",
			"Dear {{ contact }}:\n\nWe have received your case {{ case }}, “{{ subject }}”. We answer within "
			"the next working hours.\n\n{{ agent }}\n{{ company }}",
		),
		(
			"Is it solved?",
			"Dear {{ contact }}:\n\nIs your case {{ case }} solved? If we do not hear from you, we "
			"close it in a few days; an answer of yours opens it again.\n\n{{ agent }}",
		),
	),
}
