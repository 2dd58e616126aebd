"""Hooks of visibility, derived from the table in `ownership.py`."""

_guards = "cronus_crm.visibility.guards"
_index = "cronus_crm.visibility.search_index"

has_permission = {"*": f"{_guards}.has_permission"}
permission_query_conditions = {"*": f"{_guards}.permission_query_conditions"}
doc_events = {
	"*": {
		"before_validate": f"{_guards}.before_validate",
		"validate": f"{_guards}.validate",
		"before_rename": "cronus_crm.visibility.alike_names.before_rename",
		"on_change": f"{_index}.on_change",
		"after_rename": f"{_index}.after_rename",
		"after_delete": f"{_index}.after_delete",
		"before_print": "cronus_crm.visibility.link_titles.hide_titles_in_print",
	}
}

after_migrate = [f"{_index}.after_migrate"]

# Tables of ownership. Other apps add theirs.
cronus_ownership = ["cronus_crm.visibility.ownership.OWNERSHIP"]

# Replaces functions of the framework that do not check permissions: see `replaced/`.
before_request = ["cronus_crm.visibility.replaced.replacement.replace_all"]
before_job = ["cronus_crm.visibility.replaced.replacement.replace_all"]

# The framework has no event before it runs a report for an e-mail: see `mailed_reports.py`.
override_doctype_class = {
	"Auto Email Report": "cronus_crm.visibility.mailed_reports.ReaderScopedAutoEmailReport"
}
