"""The site of CRONUS_SITE as a WSGI application, whatever host a request names: for gunicorn."""

import os

import frappe.app

frappe.app._site = os.environ["CRONUS_SITE"]
application = frappe.app.application
