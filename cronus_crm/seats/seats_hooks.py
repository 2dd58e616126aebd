"""Hooks of the seats: whatever gives somebody a role, or takes it."""

_checks = "cronus_crm.seats.seat_checks"

doc_events = {
	"User": {
		"validate": f"{_checks}.validate_user",
		"on_update": f"{_checks}.on_user_update",
		"on_trash": f"{_checks}.on_user_trash",
		"before_rename": f"{_checks}.before_user_rename",
		"after_rename": f"{_checks}.after_user_rename",
	},
	"Role Profile": {
		"validate": f"{_checks}.validate_role_profile",
		"on_update": f"{_checks}.on_role_profile_update",
	},
	"Role": {"on_update": f"{_checks}.on_role_update"},
	"Has Role": {
		"validate": f"{_checks}.validate_role_row",
		"on_update": f"{_checks}.on_role_row_update",
		"after_delete": f"{_checks}.on_role_row_update",
	},
	"Cronus Capacity": {"on_update": f"{_checks}.on_capacity_update"},
}
scheduler_events = {"daily": [f"{_checks}.recount_nightly"]}
