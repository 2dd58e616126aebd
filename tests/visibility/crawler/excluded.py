"""What is not asked, or proves nothing by being asked, and why."""

# Never called: what would harm the run, or ask others than the site.
EXCLUDED = {
	"frappe.handler.logout": "ends the sessions of whoever asks",
	"frappe.handler.web_logout": "ends the sessions of whoever asks",
	"frappe.sessions.clear": "empties the caches of the site, and tells nothing",
	"frappe.core.doctype.user.user.reset_password": "sends a mail to the user that is named, as it should",
	"frappe.desk.page.setup_wizard.setup_wizard.setup_complete": "sets the site up",
	"frappe.desk.page.setup_wizard.setup_wizard.initialize_system_settings_and_user": "sets the site up",
	**{
		f"frappe.integrations.frappe_providers.frappecloud_billing.{name}": "asks a foreign server"
		for name in ("api", "current_site_info", "send_verification_code", "verify_verification_code")
	},
	**{
		f"frappe.integrations.oauth2_logins.{name}": "asks a foreign server"
		for name in (
			"custom",
			"login_via_facebook",
			"login_via_fairlogin",
			"login_via_frappe",
			"login_via_github",
			"login_via_google",
			"login_via_keycloak",
			"login_via_office365",
			"login_via_salesforce",
		)
	},
}

# Not called by those who may: what they would change is not put back everywhere.
BY_OUTSIDERS_ONLY = {
	"frappe.client.rename_doc": "gives records of ana's other names",
	"frappe.model.document.Document.rename": "gives records of ana's other names",
	"frappe.model.rename_doc.rename_doc": "gives records of ana's other names",
	"frappe.model.rename_doc.update_document_title": "gives records of ana's other names",
	"frappe.rename_doc": "gives records of ana's other names",
}

# What is found and left as it is, as docs/security.md says: a pattern of the function, the kind of the
# finding, a pattern of what came back, and why.
LEFT_OPEN: tuple[tuple[str, str, str, str], ...] = (
	(
		r"email\.mark_email_as_seen$",
		"changes",
		"read_by_recipient",
		"the picture in a mail by which it is known to be read; whoever has its address may ask for it",
	),
	(
		r"note\.mark_as_seen$",
		"changes",
		r"^200 \('Note', '\w+'\) is changed: \{'modified(_by)?': .{,200}$",
		"whoever knows a note's random name may say that they have seen it",
	),
)

# Called, but with nothing for anybody to see: why that is no matter.
WEAK: dict[str, str] = {}
