"""Opportunities, with their own dates of opening and closing."""

from frappe import _

from cronus_crm.base.present_records import get_present_value
from cronus_crm.cronus_exchange.targets.target import Field, Part, Target


def check_opportunity(values: dict[str, dict]) -> list[str]:
	"""What is wrong with the values of a row beyond single fields."""
	opportunity = values["Opportunity"]
	opened, closed = opportunity.get("opened_on"), opportunity.get("closed_on")
	if opened and closed and closed < opened:
		return [_("it closes before it is opened")]
	return []


def drop_loss_reason(values: dict) -> None:
	"""Leaves out the loss reason of an opportunity that is not lost, as the record itself does."""
	stage = values.get("stage")
	if stage and get_present_value("Cronus Stage", stage, "state") != "Not won":
		values.pop("loss_reason", None)
		values.pop("loss_notes", None)


TARGET = Target(
	name="Opportunities",
	parts=(
		Part(
			name="Opportunity",
			doctype="Cronus Opportunity",
			fields=(
				Field(
					"name", "identifier", "Number", ("Número", "Número de oportunidad", "Opportunity number")
				),
				Field(
					"external_key", "identifier", "External id", ("ID externo", "External key", "ID", "Clave")
				),
				Field("title", aliases=("Título", "Nombre", "Negocio", "Oportunidad", "Deal")),
				Field("customer", aliases=("Cliente", "Cuenta", "Account")),
				Field("prospect_name", aliases=("Nombre del prospecto",)),
				Field("seller", aliases=("Vendedor", "Agente", "Asignado a", "Sales agent")),
				Field("work_center", aliases=("Centro de trabajo",)),
				Field("stage", aliases=("Etapa", "Estado", "Deal stage")),
				Field("priority", aliases=("Prioridad",)),
				Field("medium", aliases=("Origen", "Medio", "Source")),
				Field("loss_reason", aliases=("Motivo de pérdida",)),
				Field("loss_notes"),
				Field("currency", aliases=("Moneda",)),
				Field("value", aliases=("Valor", "Monto", "Importe", "Close value")),
				Field("opened_on", aliases=("Fecha de apertura", "Engage date")),
				Field("expected_close", aliases=("Cierre previsto",)),
				Field("closed_on", aliases=("Fecha de cierre", "Close date")),
				Field("description", aliases=("Descripción",)),
			),
			needs="title",
			keys=("name", "external_key"),
		),
	),
	check=check_opportunity,
	complete=drop_loss_reason,
)
