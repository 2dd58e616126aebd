from pathlib import Path

import frappe

from cronus_crm.base.inline_assets import embed_assets
from cronus_crm.base.stored_files import attach_copy
from tests.scaffold import make_customer, make_seller

# No UTF-8, and every byte is a letter of Windows 1250: for Frappe 16 such a file is a text.
LOOKS_LIKE_LETTERS = b"\x89PNG\r\n\xe1\xe9\xed\xf3\xfa"


def make_picture():
	return frappe.get_doc(
		{"doctype": "File", "file_name": "letters.png", "content": LOOKS_LIKE_LETTERS, "is_private": 1}
	).insert()


def test_a_copy_shares_what_is_stored():
	picture, customer = make_picture(), make_customer(make_seller().name)
	copy = attach_copy(picture.name, customer.doctype, customer.name)
	assert (copy.file_url, copy.file_name, copy.is_private) == (picture.file_url, picture.file_name, 1)
	assert (copy.attached_to_doctype, copy.attached_to_name) == (customer.doctype, customer.name)
	assert Path(copy.get_full_path()).read_bytes() == LOOKS_LIKE_LETTERS
	copy.delete()
	assert Path(picture.get_full_path()).read_bytes() == LOOKS_LIKE_LETTERS


def test_a_picture_of_a_page_stays_as_it_is():
	assert "data:image/png;base64,iVBORw0K4ent8/o=" in embed_assets(f'<img src="{make_picture().file_url}">')
