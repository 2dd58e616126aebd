"""The public form, by which anybody opens a case."""

from frappe import _

from cronus_crm.base.framework_state import refuse_page
from cronus_crm.cronus_service.portal import outside_files, public_form

no_cache = 1


def get_context(context):
	"""What the template needs: types, and the limits of files and fields.

	Raises frappe.PageDoesNotExistError while the settings do not offer the form.
	"""
	if not public_form.is_open():
		refuse_page(_("This form is not offered."))
	context.types = public_form.list_types()
	context.limits = public_form.FIELDS
	context.files = outside_files
	context.kinds = [kind[1:] for kind in outside_files.KINDS]
	context.title = _("Write to us")
	context.no_breadcrumbs = 1
