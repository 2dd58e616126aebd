"""Records are saved without the internet, and nobody outside learns of them."""

import socket

import frappe
import pytest

from tests.scaffold import unique


@pytest.fixture
def asked(monkeypatch):
	"""Hosts of others that were looked up, by whatever library, as outside of a test."""
	found, original = [], socket.getaddrinfo

	def look_up(host, *args, **kwargs):
		if host in ("localhost", "127.0.0.1", "::1", None):
			return original(host, *args, **kwargs)
		found.append(host)
		raise socket.gaierror(socket.EAI_NONAME, "there is no internet")

	monkeypatch.setattr(socket, "getaddrinfo", look_up)
	for flags in (frappe.flags, frappe.local.flags):
		monkeypatch.setitem(flags, "in_test", False)
	monkeypatch.setattr(frappe, "in_test", False, raising=False)
	return found


def test_a_contact_is_saved_without_asking_a_stranger(site, asked):
	contact = frappe.new_doc("Contact")
	contact.first_name = unique("Contact")
	contact.append(
		"email_ids",
		{"email_id": f"{unique('someone')}@example.com".lower().replace(" ", ""), "is_primary": 1},
	)
	contact.insert()
	assert contact.email_id and not contact.image
	assert asked == []
