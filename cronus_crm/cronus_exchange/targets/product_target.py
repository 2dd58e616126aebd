"""Products, known by their code."""

from cronus_crm.cronus_exchange.targets.target import Field, Part, Target

TARGET = Target(
	name="Products",
	parts=(
		Part(
			name="Product",
			doctype="Cronus Product",
			fields=(
				Field("product_code", "identifier", aliases=("Código", "Code", "SKU", "Referencia")),
				Field("product_name", aliases=("Nombre", "Name", "Producto", "Descripción corta")),
				Field("product_type", aliases=("Clase", "Tipo")),
				Field("family", aliases=("Familia", "Categoría", "Category", "Línea")),
				Field("unit", aliases=("Unidad", "UM")),
				Field("price", aliases=("Precio", "PVP")),
				Field("tax", aliases=("Impuesto", "IVA")),
				Field("is_sold"),
				Field("is_bought"),
				Field("description", aliases=("Descripción",)),
				Field("disabled"),
			),
			needs="product_code",
			keys=("product_code",),
		),
	),
)
