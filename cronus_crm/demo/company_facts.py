"""Quillamar, the company of the demo. It, its people and its customers are invented.

Only words and figures, without logic: what happens to them is in `company_story.py`.
"""

from typing import NamedTuple

NAME = "Distribuidora Quillamar S.A."
COUNTRY = "Ecuador"
TIME_ZONE = "America/Guayaquil"
CURRENCY = "USD"
TAX_RATE = 15


class Team(NamedTuple):
	"""A work center in a city, who leads it and who sells there."""

	work_center: str
	city: str
	manager: str
	sellers: tuple[str, ...]


class Product(NamedTuple):
	"""Price in the company's currency, without tax. Typical: the quantity that customers usually buy."""

	code: str
	name: str
	family: str
	price: float
	typical: int
	is_service: bool = False


class Customer(NamedTuple):
	name: str
	line: str
	city: str


class Colours(NamedTuple):
	"""Colours of an appointment in the calendar, as CSS hexadecimal."""

	text: str
	background: str


TEAMS = (
	Team("Sierra Norte", "Quito", "Lucía Andrade", ("Mateo Villacís", "Daniela Paredes", "Esteban Guamán")),
	Team("Costa", "Guayaquil", "Ramiro Cedeño", ("Valeria Montalvo", "Joaquín Bravo", "Paola Zambrano")),
	Team("Austro", "Cuenca", "Gabriela Ordóñez", ("Tomás Serrano", "Ximena Calle", "Iván Maldonado")),
)
# A seller who looks at dashboards too, without leading anybody.
DASHBOARD_VIEWER = "Daniela Paredes"
ASSISTANT = "Rosa Quishpe"
# Who answers cases: the lead, and an agent for each team.
SERVICE_LEAD = "Mónica Terán"
SERVICE_AGENTS = ("Diego Carrión", "Andrea Lema")
ADMINISTRATOR = "Andrés Novillo"
# The company's accounting system, and the user of the program that speaks for it.
ERP, INTEGRATOR = "ERP", "Enlace Contable"
# The framework wants one System Manager besides Administrator and makes one of whoever is saved first.
SYSTEM_MANAGER = "Julián Ayala"

PRODUCTS = (
	Product("TPV-100", "Terminal de punto de venta TPV 100", "Punto de venta", 640, 3),
	Product("TPV-200", "Terminal de punto de venta TPV 200 táctil", "Punto de venta", 985, 2),
	Product("LEC-1D", "Lector de códigos de barras 1D", "Captura de datos", 78.5, 6),
	Product("LEC-2D", "Lector de códigos 2D inalámbrico", "Captura de datos", 189, 4),
	Product("COL-50", "Colector de datos portátil", "Captura de datos", 720, 2),
	Product("IMP-TK", "Impresora térmica de tiquetes", "Impresión", 215, 4),
	Product("IMP-ET", "Impresora de etiquetas", "Impresión", 398, 2),
	Product("ROL-80", "Rollo térmico 80 mm, caja de 50", "Suministros", 46, 12),
	Product("ETQ-50", "Etiqueta adhesiva 50 × 25, caja de 20", "Suministros", 68, 10),
	Product("GAV-41", "Gaveta de dinero metálica", "Punto de venta", 92, 3),
	Product("BAL-30", "Balanza electrónica de 30 kg", "Pesaje", 265, 2),
	Product("RED-24", "Conmutador de red de 24 puertos", "Redes", 310, 1),
	Product("LIC-INV", "Licencia anual de inventario, por usuario", "Programas", 240, 5, True),
	Product("SRV-INS", "Instalación y puesta en marcha", "Servicios", 180, 2, True),
	Product("SRV-SOP", "Soporte técnico anual", "Servicios", 960, 1, True),
)

# Wholesale: (multiple of the typical quantity from which it applies, discount from 0 to 1).
WHOLESALE = ((0, 0.03), (3, 0.06), (8, 0.1))
# Prices of this year divided by those of earlier years.
PRICE_RISE = 1.03

CARRIERS = ("Transportes Vientolargo", "Mensajería Alasur", "Camión de Quillamar")

CUSTOMERS = (
	Customer("Abarrotes Sumaqil", "Comercio minorista", "Quito"),
	Customer("Agrícola Tandarumi", "Agroindustria", "Ibarra"),
	Customer("Alimentos Pachawasi", "Alimentos", "Ambato"),
	Customer("Almacenes Corvalindo", "Comercio minorista", "Guayaquil"),
	Customer("Auto Repuestos Velmor", "Automotriz", "Quito"),
	Customer("Bananera Ríolindo Sur", "Agroindustria", "Machala"),
	Customer("Bodegas Marqueza", "Logística", "Manta"),
	Customer("Boticas Solvida", "Salud", "Guayaquil"),
	Customer("Cafetería Tres Ceibos", "Hoteles y restaurantes", "Guayaquil"),
	Customer("Calzado Trigalino", "Manufactura", "Ambato"),
	Customer("Camaronera Punta Lisera", "Agroindustria", "Guayaquil"),
	Customer("Cárnicos Llanuralta", "Alimentos", "Latacunga"),
	Customer("Cerámicas Orillazul", "Manufactura", "Cuenca"),
	Customer("Clínica Santamora", "Salud", "Quito"),
	Customer("Clínica Vistasol", "Salud", "Cuenca"),
	Customer("Comercial Aravecillo", "Comercio minorista", "Loja"),
	Customer("Comercial Dos Quebradas", "Comercio minorista", "Quito"),
	Customer("Confecciones Hilandera Real", "Manufactura", "Otavalo"),
	Customer("Constructora Pilarejo", "Construcción", "Quito"),
	Customer("Constructora Muromar", "Construcción", "Guayaquil"),
	Customer("Dulcería La Panelita", "Alimentos", "Loja"),
	Customer("Editorial Hojaclara", "Servicios", "Quito"),
	Customer("Embotelladora Agüita Viva", "Alimentos", "Guayaquil"),
	Customer("Farmacias Curalinda", "Salud", "Cuenca"),
	Customer("Ferretería El Tornillar", "Comercio minorista", "Guayaquil"),
	Customer("Ferretería Martilledo", "Comercio minorista", "Cuenca"),
	Customer("Floricultora Rosaltino", "Agroindustria", "Cayambe"),
	Customer("Frigoríficos Nevalta", "Alimentos", "Guayaquil"),
	Customer("Gimnasios Fuerzamar", "Servicios", "Guayaquil"),
	Customer("Granja Huevolindo", "Agroindustria", "Ambato"),
	Customer("Hacienda Cacaotal del Inti", "Agroindustria", "Quevedo"),
	Customer("Hostería Pailonera", "Hoteles y restaurantes", "Cuenca"),
	Customer("Hotel Bahía Quindala", "Hoteles y restaurantes", "Manta"),
	Customer("Hotel Cumbres del Yanasol", "Hoteles y restaurantes", "Quito"),
	Customer("Imprenta Tintalva", "Servicios", "Cuenca"),
	Customer("Industrias Metalmera", "Manufactura", "Guayaquil"),
	Customer("Jugos Frutamanía Andina", "Alimentos", "Cuenca"),
	Customer("Laboratorio Biosanara", "Salud", "Quito"),
	Customer("Lácteos Vaquería Alta", "Alimentos", "Cuenca"),
	Customer("Lavanderías Blancora", "Servicios", "Guayaquil"),
	Customer("Librería Papelunar", "Comercio minorista", "Quito"),
	Customer("Logística Rutandina", "Logística", "Quito"),
	Customer("Maderas Nogalito", "Manufactura", "Cuenca"),
	Customer("Marisquería El Timonel Azul", "Hoteles y restaurantes", "Guayaquil"),
	Customer("Mercados Canastilla", "Comercio minorista", "Guayaquil"),
	Customer("Minimercados Doña Chavela", "Comercio minorista", "Cuenca"),
	Customer("Molinos Trigaleña", "Alimentos", "Latacunga"),
	Customer("Muebles Roblemar", "Manufactura", "Cuenca"),
	Customer("Ópticas Miraclara", "Salud", "Guayaquil"),
	Customer("Panificadora Espigalta", "Alimentos", "Quito"),
	Customer("Pinturas Colorandes", "Manufactura", "Quito"),
	Customer("Plásticos Moldequín", "Manufactura", "Guayaquil"),
	Customer("Restaurantes Sazonal", "Hoteles y restaurantes", "Quito"),
	Customer("Supermercados La Alforja", "Comercio minorista", "Cuenca"),
	Customer("Talleres Mecanorte", "Automotriz", "Ibarra"),
	Customer("Textiles Ovillar", "Manufactura", "Otavalo"),
	Customer("Transportes Caminero Real", "Logística", "Guayaquil"),
	Customer("Veterinaria Patitalegre", "Salud", "Cuenca"),
	Customer("Viveros Hojaverdina", "Agroindustria", "Cuenca"),
	Customer("Zapaterías Pasoligero", "Comercio minorista", "Guayaquil"),
)

# Where a customer of a city belongs; other cities are near the first of these that is named after them.
NEARBY = {
	"Quito": ("Ibarra", "Ambato", "Latacunga", "Otavalo", "Cayambe"),
	"Guayaquil": ("Manta", "Quevedo", "Machala"),
	"Cuenca": ("Loja",),
}

PROVINCES = {
	"Quito": "Pichincha",
	"Ibarra": "Imbabura",
	"Ambato": "Tungurahua",
	"Latacunga": "Cotopaxi",
	"Otavalo": "Imbabura",
	"Cayambe": "Pichincha",
	"Guayaquil": "Guayas",
	"Manta": "Manabí",
	"Quevedo": "Los Ríos",
	"Machala": "El Oro",
	"Cuenca": "Azuay",
	"Loja": "Loja",
}

STREETS = (
	"Av. de los Arrayanes",
	"Calle del Molino Viejo",
	"Av. Cordillera Azul",
	"Calle Las Retamas",
	"Av. del Maestro Cantor",
	"Calle Río Tomebal",
	"Pasaje de los Geranios",
	"Av. Puerto Sereno",
	"Calle El Capulí",
	"Av. Tres de Enero",
)

# Besides customers: whom Quillamar buys from, and what large customers have below them.
SUPPLIERS = (
	Customer("Importadora Tecnolumbre", "Comercio mayorista", "Guayaquil"),
	Customer("Papelera Rollofino", "Manufactura", "Quito"),
	Customer("Transportes Vientolargo", "Logística", "Cuenca"),
)
# Position in CUSTOMERS of whom they belong to.
DEPARTMENTS = (("Compras", 53), ("Sistemas", 44), ("Bodega central", 3))

# A prospect is one of these with one of these names.
KINDS_OF_PROSPECT = (
	("Heladería", "Alimentos"),
	("Colegio", "Servicios"),
	("Distribuidora", "Comercio mayorista"),
	("Panadería", "Alimentos"),
	("Clínica Dental", "Salud"),
	("Almacén", "Comercio minorista"),
	("Lubricadora", "Automotriz"),
	("Cooperativa", "Servicios"),
	("Minimarket", "Comercio minorista"),
	("Restaurante", "Hoteles y restaurantes"),
	("Farmacia", "Salud"),
	("Taller", "Automotriz"),
)
NAMES_OF_PROSPECTS = (
	"Nieverina",
	"Albazul",
	"Cañalta",
	"Hornalito",
	"Perlinda",
	"Todoluz",
	"Rodamar",
	"Surcandina",
	"Brisaflor",
	"Lunarejo",
	"Quindiluz",
	"Selvamar",
	"Cumbrera",
	"Pampalinda",
	"Estrellar",
	"Puertalba",
)
# Of the kinds that the app brings, those through which people come most.
MEDIA = (
	("WhatsApp", 24),
	("Facebook", 18),
	("Instagram", 14),
	("Referral", 12),
	("Phone", 10),
	("Web site", 9),
	("Visit", 5),
	("E-mail", 4),
	("Trade fair", 3),
	("Other", 1),
)
# The medium of whoever buys already.
USUAL_MEDIA = (("Phone", 5), ("WhatsApp", 4), ("E-mail", 4), ("Visit", 3), ("Web site", 1))
COLOURS = (
	Colours("#78350f", "#fde68a"),
	Colours("#14532d", "#bbf7d0"),
	Colours("#1e3a8a", "#bfdbfe"),
	Colours("#831843", "#fbcfe8"),
	Colours("#3b0764", "#e9d5ff"),
)

FIRST_NAMES = (
	"Marcela",
	"Hernán",
	"Patricia",
	"Óscar",
	"Silvia",
	"Wilson",
	"Verónica",
	"Fabián",
	"Elena",
	"Raúl",
	"Carmita",
	"Byron",
	"Lorena",
	"Édison",
	"Maritza",
	"Darwin",
	"Soledad",
	"Galo",
	"Nancy",
	"Rodrigo",
)
LAST_NAMES = (
	"Aguirre",
	"Benalcázar",
	"Carrión",
	"Dávalos",
	"Espinosa",
	"Freire",
	"Gallegos",
	"Hidalgo",
	"Intriago",
	"Jaramillo",
	"Larrea",
	"Moncayo",
	"Naranjo",
	"Ontaneda",
	"Proaño",
	"Quezada",
	"Ribadeneira",
	"Salvatierra",
	"Toapanta",
	"Vintimilla",
)
