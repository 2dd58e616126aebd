"""messages.py SITE FOLDER: the template of messages and the Spanish that fits it, into a folder; prints what
has no translation. Run in the folder `sites` of a bench."""

import sys
from pathlib import Path
from shutil import copy

import frappe
from babel.messages.pofile import read_po, write_po
from frappe.gettext import translate

APP = "cronus_crm"


def main(site: str, folder: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	# The framework asks git what to leave out; the bench's copy of the app is no repository.
	translate.get_is_gitignored_function_for_app = lambda _app: lambda path: "/public/dist" in path
	translate.generate_pot(APP)
	locale = Path(frappe.get_app_path(APP)) / "locale"
	with (locale / "main.pot").open("rb") as file:
		template = read_po(file)
	with (locale / "es.po").open("rb") as file:
		spanish = read_po(file)
	spanish.update(template, no_fuzzy_matching=True)
	spanish.obsolete.clear()
	with (Path(folder) / "es.po").open("wb") as file:
		write_po(file, spanish, width=0)
	copy(locale / "main.pot", folder)
	missing = [message for message in spanish if message.id and not message.string]
	for message in missing:
		print(repr(message.id), f"({message.context})" if message.context else "")
	print(f"{len(missing)} messages without Spanish. Fill them in in {APP}/locale/es.po.")


main(*sys.argv[1:])
