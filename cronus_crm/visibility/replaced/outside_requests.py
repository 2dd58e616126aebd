"""Requests to other people's servers that the framework makes while a record is saved."""

from cronus_crm.visibility.replaced.replacement import Call, replaces


@replaces("frappe.utils.has_gravatar")
def ask_nobody_for_a_portrait(call: Call) -> str:
	"""No portrait: "", as the framework says where there is none.

	In 15 and 16 each contact that is saved with an e-mail and without a picture, and each user by a job, is
	asked for at gravatar.com: a stranger learns the hash of every customer's address, and the save waits up
	to five seconds where the internet is slow or not there. Held by
	test_a_contact_is_saved_without_asking_a_stranger.
	"""
	return ""
