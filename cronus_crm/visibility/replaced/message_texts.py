"""Words of the framework's messages about our records."""

from frappe import _
from frappe.model.meta import Meta

from cronus_crm.base.own_doctypes import is_own
from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces(
	"frappe.model.meta.Meta.get_label", "frappe.model.base_document.BaseDocument.get_label_from_fieldname"
)
def translate_label(call: Call) -> str | None:
	"""The label of a field of ours in the language of the request.

	In 15 and 16 English in any language: a name that is missing, a value that is there already, one that may
	not be changed any more. Held by tests/test_translated_messages.py.
	"""
	label = call()
	owner = call["self"]
	meta = owner if isinstance(owner, Meta) else owner.meta
	return _(label, context=meta.name) if label and is_own(meta) else label
