"""The portal: a new case."""

from frappe import _

from cronus_crm.cronus_service.portal import outside_files, portal_actions, portal_pages, public_form

no_cache = 1


def get_context(context):
	"""What the template needs: accounts, types and limits. Raises what `my_case_list` raises."""
	portal_pages.prepare(context, _("New case"))
	context.accounts = portal_actions.list_accounts()
	context.types = public_form.list_types()
	context.limits = public_form.FIELDS
	context.files = outside_files
	context.kinds = [kind[1:] for kind in outside_files.KINDS]
