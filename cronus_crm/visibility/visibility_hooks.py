"""Hooks of visibility: who sees what, from the table in `ownership.py`."""

_guards = "cronus_crm.visibility.guards"

has_permission = {"*": f"{_guards}.has_permission"}
permission_query_conditions = {"*": f"{_guards}.permission_query_conditions"}
doc_events = {
	"*": {
		"before_validate": f"{_guards}.before_validate",
		"validate": f"{_guards}.validate",
		"before_print": "cronus_crm.visibility.link_titles.hide_titles_in_print",
	}
}

# Whose is a document of each DocType. Other apps add tables of their own.
cronus_ownership = ["cronus_crm.visibility.ownership.OWNERSHIP"]

# Functions of the framework that answer, write or fetch without asking who may: see `replaced/`.
before_request = ["cronus_crm.visibility.replaced.replacement.replace_all"]
before_job = ["cronus_crm.visibility.replaced.replacement.replace_all"]

# The framework has no event where it makes a report to be mailed. See `mailed_reports.py`.
override_doctype_class = {
	"Auto Email Report": "cronus_crm.visibility.mailed_reports.ReaderScopedAutoEmailReport"
}
