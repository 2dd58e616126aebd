"""The bench's web application for gunicorn: Frappe and its static files, the default site on every host
name, as `bench serve` does it. Plain `frappe.app:application` would look for a site called localhost."""

import frappe
import frappe.app

frappe.app._site = frappe.get_conf().default_site
application = frappe.app.application_with_statics()
