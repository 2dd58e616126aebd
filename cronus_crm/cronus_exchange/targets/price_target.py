"""Prices of price lists, known by list, product, quantity and first day."""

from cronus_crm.cronus_exchange.targets.target import Field, Part, Target

TARGET = Target(
	name="Prices",
	parts=(
		Part(
			name="Price",
			doctype="Cronus Product Price",
			fields=(
				Field("price_list", aliases=("Lista de precios", "Lista")),
				Field("product", aliases=("Producto", "Código", "SKU")),
				Field("minimum_quantity", aliases=("Desde cantidad", "Cantidad mínima")),
				Field("valid_from", aliases=("Válido desde", "Desde", "Vigente desde")),
				Field("valid_to", aliases=("Válido hasta", "Hasta")),
				Field("price", aliases=("Precio",)),
			),
			needs="product",
			all_keys=("price_list", "product", "minimum_quantity", "valid_from"),
		),
	),
)
