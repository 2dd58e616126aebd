"""What is not asked, or proves nothing by being asked, and why."""

import re

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
	"cronus_crm.api.prospects.merge": "makes one of two, with all that hangs on them",
	"cronus_crm.api.shared_documents.open_document": "is for whoever has a key, which is no argument that a"
	" question can guess; tests/test_sent_documents.py asks with one",
	"cronus_crm.api.sales_month.set_targets": "takes twelve numbers, which no question makes",
	"cronus_crm.api.documents.choose_default_tax": "sets the tax that other tests rely on",
	**{
		f"cronus_crm.api.first_day.{name}": "sets up the company that other tests rely on"
		for name in (
			*("take_role", "skip_step", "save_company", "save_default_tax", "save_people"),
			*("paste_sheet", "save_mail_account", "start_practice", "remove_practice"),
		)
	},
	"cronus_crm.api.merging.merge_customers": "makes one of two, with all that hangs on them",
	"cronus_crm.api.cases.merge": "makes one of two, with all that hangs on them",
	"frappe.client.rename_doc": "gives records of ana's other names",
	"frappe.model.document.Document.rename": "gives records of ana's other names",
	"frappe.model.rename_doc.rename_doc": "gives records of ana's other names",
	"frappe.model.rename_doc.update_document_title": "gives records of ana's other names",
	"frappe.rename_doc": "gives records of ana's other names",
	"frappe.utils.nestedset.rebuild_tree": "numbers the tree of sellers anew, and two at once leave it wrong",
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
	(
		r"user_type\.get_user_linked_doctypes$",
		"differs",
		"",
		"names of DocTypes, which 16 gives back in no order",
	),
	(
		r"reportview\.delete_items$",
		"differs",
		r"_server_messages|\"messages\"",
		"a refusal, which 16 answers with status 200; that refusals tell what exists is known",
	),
)

# Called, but it works for nobody, so that little is known: patterns of functions, and why that is no matter.
WEAK: tuple[tuple[str, str], ...] = (
	(
		r"api\.merging\.(dismiss_doubles|undo_merge)$",
		"tests/visibility/attacks.py and tests/test_customer_merges.py",
	),
	(
		r"api\.solutions\.(open_file|rate_public)$",
		"of public solutions, which are for everybody: tests/test_public_solutions.py",
	),
	(r"api\.solutions\.rate$", "of a solution that was used in the case: solutions/test_solutions.py"),
	(
		r"api\.(portal|contact_form)\.",
		"for contacts, who are no users of the desk, and while the settings offer it: tests/test_portal.py,"
		" test_public_form.py and test_rating_page.py",
	),
	(r"api\.payments\.take_back_credit$", "needs a credit that is used: tests/test_credits.py"),
	(r"^frappe\.recorder\.", "for Administrator only, which it says with another status than 403"),
	(r"^frappe\.(integrations|push_notification)\.", "works for a foreign service only, which is not set up"),
	(r"^frappe\.core\.api\.user_invitation\.", "asks for an app that invites, and a key; of no records"),
	(
		r"^frappe\.(templates\.includes|website\.doctype\.help_article|email\.doctype\.newsletter)\.",
		"pages of the web site, which take few requests in an hour",
	),
	(r"^frappe\.www\.login\.", "asks for a key that was mailed"),
	(
		r"user\.User\.populate_role_profile_roles$",
		"gives the form of a user the roles of its profiles, which users of the CRM may not read (16)",
	),
	(r"\.undo_email_send$", "takes back the asker's own mail, within ten seconds of sending it (16)"),
	(r"^frappe\.core\.doctype\.user\.user\.(sign_up|update_password)$", "of the asker's own account"),
	(
		r"^frappe\.desk\.doctype\.(desktop_icon|desktop_layout|form_tour|onboarding_step|workspace|workspace_sidebar)\.",
		"arranges the desk of whoever asks",
	),
	(r"^frappe\.(apps|onboarding)\.", "arranges the desk of whoever asks"),
	(r"^frappe\.(client|deprecation_dumpster)\.get_js$", "files of apps"),
	(r"^frappe\.desk\.page\.user_profile\.", "points for energy, of which there are none"),
	(r"^frappe\.desk\.leaderboard\.", "points for energy, of which there are none"),
	(r"^frappe\.social\.", "points for energy, of which there are none"),
	(r"^frappe\.email\.email_body\.get_email_html$", "fills a template of an app with what is sent"),
	(r"^frappe\.email\.doctype\.email_template\.", "fills a template with what is sent; there is none"),
	(r"^frappe\.email\.inbox\.create_email_flag_queue$", "of messages that came by a mail account"),
	(r"^frappe\.core\.doctype\.rq_job\.", "of jobs, of which there are none"),
	(r"^frappe\.core\.doctype\.sms_settings\.sms_settings\.send_sms$", "there is no gateway"),
	(r"^frappe\.core\.doctype\.submission_queue\.", "of queued submissions, of which there are none"),
	(r"^frappe\.core\.doctype\.session_default_settings\.", "of the asker's own session"),
	(r"^frappe\.core\.doctype\.log_settings\.", "names of DocTypes"),
	(r"^frappe\.custom\.doctype\.doctype_layout\.", "there is no layout"),
	(r"^frappe\.modules\.utils\.export_customizations$", "in the developer mode only"),
	(r"^frappe\.printing\.doctype\.network_printer_settings\.", "there is no printer"),
	(r"^frappe\.utils\.print_format\.print_by_server$", "there is no printer"),
	(r"^frappe\.utils\.print_format\.report_to_pdf$", "its page fetches what the engine may not fetch"),
	(r"^frappe\.website\.doctype\.(web_form|website_settings)\.", "there is no web form"),
	(r"^cronus_crm\.api\.repeated_requests\.answer_once$", "leads on from another address only"),
)


def reason_for_weakness(function: str) -> str | None:
	return next((reason for pattern, reason in WEAK if re.search(pattern, function)), None)
