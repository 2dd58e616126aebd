"""Solutions of the demo: what the customers of Quillamar ask again and again."""

from datetime import timedelta

import frappe

from cronus_crm.demo.record_writer import RecordWriter

SOLUTION, CATEGORY = "Cronus Solution", "Cronus Solution Category"

# By language: state, category, question, answer, products.
SOLUTIONS = {
	"es": (
		(
			"Public",
			"Impresoras",
			"¿Cómo cambio el rollo de la impresora de tiquetes?",
			"<ol><li>Abra la tapa con la palanca lateral.</li><li>Ponga el rollo de 80 mm con el papel"
			" saliendo por"
			" debajo.</li><li>Cierre la tapa y corte el sobrante.</li></ol><p>Si el tiquete sale en"
			" blanco, el rollo está"
			" al revés: la cara térmica mira hacia el cabezal.</p>",
			("IMP-TK", "ROL-80"),
		),
		(
			"Public",
			"Impresoras",
			"Las etiquetas salen corridas: ¿cómo se calibra la impresora?",
			"<p>Con la impresora encendida, mantenga pulsado el botón de avance durante cinco segundos."
			" Avanzará tres"
			" etiquetas y quedará calibrada.</p><p>Repita la calibración cada vez que cambie el tamaño"
			" de etiqueta.</p>",
			("IMP-ET", "ETQ-50"),
		),
		(
			"Public",
			"Lectores",
			"El lector no reconoce un código: ¿qué reviso primero?",
			"<ol><li>Que el código esté limpio y no brille.</li><li>Que sea del tipo que lee el equipo:"
			" los códigos QR"
			" necesitan un lector 2D.</li><li>Que el lector esté en modo teclado: lea el código de la"
			" primera página del"
			" manual.</li></ol>",
			("LEC-1D", "LEC-2D"),
		),
		(
			"Internal",
			"Garantías",
			"¿Qué cubre la garantía de un terminal de punto de venta?",
			"<p>Doce meses desde la entrega, piezas y mano de obra. No cubre golpes, líquidos ni"
			" variaciones de voltaje."
			" Pida la foto de la etiqueta con el número de serie antes de autorizar el retiro.</p>",
			("TPV-100", "TPV-200"),
		),
		(
			"Draft",
			"Redes",
			"¿Cómo se conectan las cajas cuando se cae la red del local?",
			"<p>Por confirmar con instalaciones: pasos para trabajar sin conexión y sincronizar al"
			" volver.</p>",
			("RED-24",),
		),
	),
	"en": (
		(
			"Public",
			"Printers",
			"How do I change the roll of the receipt printer?",
			"<ol><li>Open the lid with the lever at the side.</li><li>Put in the 80 mm roll so that the"
			" paper comes from"
			" below.</li><li>Close the lid and tear off the rest.</li></ol><p>If receipts come out"
			" white, the roll is the"
			" wrong way round: the thermal side faces the head.</p>",
			("IMP-TK", "ROL-80"),
		),
		(
			"Public",
			"Printers",
			"Labels are printed off the mark: how is the printer calibrated?",
			"<p>With the printer on, hold the feed button for five seconds. It moves three labels on and is"
			" calibrated.</p><p>Do this again whenever the size of the labels changes.</p>",
			("IMP-ET", "ETQ-50"),
		),
		(
			"Public",
			"Readers",
			"The reader does not read a code: what do I check first?",
			"<ol><li>That the code is clean and does not shine.</li><li>That it is of a kind that it"
			" reads: QR codes need a"
			" 2D reader.</li><li>That it is in keyboard mode: read the code on the first page of the"
			" manual.</li></ol>",
			("LEC-1D", "LEC-2D"),
		),
		(
			"Internal",
			"Warranties",
			"What does the warranty of a point of sale terminal cover?",
			"<p>Twelve months from delivery, parts and labour. Knocks, liquids and surges are not"
			" covered. Ask for a photo of"
			" the label with the serial number before a collection is approved.</p>",
			("TPV-100", "TPV-200"),
		),
		(
			"Draft",
			"Networks",
			"How do tills work while the network of the shop is down?",
			"<p>To be confirmed with installations: how to work offline, and to synchronise afterwards.</p>",
			("RED-24",),
		),
	),
}

_DAYS_TO_REVIEW = 90


def write_solutions(writer: RecordWriter, responsible: str) -> None:
	"""Writes the solutions in the language of the demo. responsible: the user who keeps them right."""
	for state, category, question, answer, products in SOLUTIONS[writer.language]:
		if not frappe.db.exists(CATEGORY, category):
			writer.write(CATEGORY, category_name=category)
		writer.write(
			SOLUTION,
			question=question,
			answer=answer,
			state=state,
			category=category,
			language=writer.language,
			responsible=responsible,
			review_on=writer.story.today + timedelta(days=_DAYS_TO_REVIEW),
			products=[{"product": product} for product in products],
		)
