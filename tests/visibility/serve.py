"""Serves the site of the tests with one guard switched off: python -m tests.visibility.serve PORT MUTATION"""

import os
import sys

import frappe.app

from tests.visibility.mutations import MUTATIONS


def main(port: str, mutation: str | None = None) -> None:
	if mutation:
		MUTATIONS[mutation].apply()
	frappe.app.serve(port=port, no_reload=True, site=os.environ["CRONUS_SITE"], sites_path=".")


if __name__ == "__main__":
	main(*sys.argv[1:])
