"""The public form, by which anybody opens a case."""

from frappe import _

from cronus_crm.base.framework_state import refuse_page
from cronus_crm.cronus_service.portal import contact_form, outside_files

no_cache = 1


def get_context(context):
	"""What the template needs: types, and the limits of files and fields.

	Raises frappe.PageDoesNotExistError while the settings do not offer the form.
	"""
	if not contact_form.is_open():
		refuse_page(_("This form is not offered."))
	context.types = contact_form.list_types()
	context.limits = contact_form.FIELDS
	context.files = outside_files
	context.kinds = [kind[1:] for kind in outside_files.KINDS]
	context.title = _("Write to us")
	context.no_breadcrumbs = 1
