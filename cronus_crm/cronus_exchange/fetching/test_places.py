"""Folders and SFTP servers from which files are fetched: what is reached, and what is not."""

import os
from io import StringIO
from pathlib import Path

import frappe
import paramiko
import pytest

from cronus_crm.cronus_exchange.fetching import places, sftp_place
from cronus_crm.cronus_exchange.fetching.allowed_folders import SETTING, find_folder
from cronus_crm.cronus_exchange.fetching.folder_place import FolderPlace
from cronus_crm.cronus_exchange.fetching.places import DONE, WORKING, FileTooLarge, PlaceError
from cronus_crm.cronus_exchange.fetching.sftp_place import SftpPlace, read_host_key, read_private_key
from tests.sftp_server import USER, make_key, open_sftp_server


class Source(frappe._dict):
	def get_password(self, fieldname, raise_exception=True):
		return self[fieldname]


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
	"""The folder of an ERP, below one that the site allows."""
	monkeypatch.setitem(frappe.local.conf, SETTING, [str(tmp_path)])
	(tmp_path / "erp").mkdir()
	return tmp_path / "erp"


@pytest.fixture
def server(folder):
	key = make_key()
	with open_sftp_server(folder, key) as server:
		server.source = Source(
			sftp_host="127.0.0.1",
			sftp_port=server.port,
			sftp_user=USER,
			sftp_key=key,
			sftp_host_key=server.host_key,
			folder="/",
			file_place="SFTP",
		)
		yield server


@pytest.fixture(params=["folder", "sftp"])
def place(request, folder):
	if request.param == "folder":
		place = FolderPlace(str(folder))
	else:
		place = SftpPlace(request.getfixturevalue("server").source)
	yield place
	place.close()


def names(place, folder: str = "") -> list[str]:
	return [name for name, _size, _moment in place.list_files(folder)]


def test_a_file_is_taken_read_and_moved(place, folder, tmp_path):
	(folder / "customers.csv").write_text("id\nC-1\n")
	assert [(name, size) for name, size, _moment in place.list_files()] == [("customers.csv", 7)]
	place.take("customers.csv")
	assert (names(place), names(place, WORKING)) == ([], ["customers.csv"])
	copy = tmp_path / "copy"
	place.copy("customers.csv", copy)
	assert copy.read_text() == "id\nC-1\n"
	place.write(DONE, "customers.1.result.csv", copy)
	place.finish("customers.csv", DONE, "customers.1.csv")
	assert names(place, WORKING) == []
	assert names(place, DONE) == ["customers.1.csv", "customers.1.result.csv"]
	assert sorted(os.listdir(folder / "done")) == names(place, DONE)


def test_what_a_killed_worker_has_written_is_written_over(place, folder, tmp_path):
	(folder / "done" / "customers.1.result.csv").write_text("half")
	whole = tmp_path / "whole"
	whole.write_text("whole")
	place.write(DONE, "customers.1.result.csv", whole)
	assert (folder / "done" / "customers.1.result.csv").read_text() == "whole"


def test_only_finished_files_are_listed(place, folder):
	for name in (
		"customers.csv",
		".customers.csv",
		"products.csv.part",
		"prices.tmp",
		"notes.txt",
		"a\nb.csv",
	):
		(folder / name).write_text("id\n")
	(folder / "folder.csv").mkdir()
	assert names(place) == ["customers.csv"]


def test_links_and_pipes_are_not_read(place, folder, tmp_path):
	secret = tmp_path / "secret.csv"
	secret.write_text("id\nsecret\n")
	(folder / "customers.csv").symlink_to(secret)
	os.mkfifo(folder / "prices.csv")
	assert names(place) == []


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_becomes_a_link_or_a_pipe_after_it_was_listed_is_not_read(folder, tmp_path, kind):
	place = FolderPlace(str(folder))
	secret = tmp_path / "secret.csv"
	secret.write_text("id\nsecret\n")
	taken = folder / WORKING / "customers.csv"
	if kind == "link":
		taken.symlink_to(secret)
	else:
		os.mkfifo(taken)
	with pytest.raises(PlaceError):
		place.copy("customers.csv", tmp_path / "copy")
	assert not (tmp_path / "copy").exists() or (tmp_path / "copy").read_text() == ""
	place.close()


def test_a_folder_of_ours_that_is_a_link_is_not_used(folder, tmp_path):
	(tmp_path / "elsewhere").mkdir()
	(folder / DONE).symlink_to(tmp_path / "elsewhere")
	with pytest.raises(PlaceError):
		FolderPlace(str(folder))


def test_a_file_that_would_fill_the_disk_is_refused(place, folder, tmp_path, monkeypatch):
	for module in ("folder_place", "sftp_place"):
		monkeypatch.setattr(f"cronus_crm.cronus_exchange.fetching.{module}.MAX_BYTES", 5)
	(folder / "customers.csv").write_text("id\nC-1\n")
	place.take("customers.csv")
	with pytest.raises(FileTooLarge):
		place.copy("customers.csv", tmp_path / "copy")


@pytest.mark.parametrize("path", ["", ".", "..", "../other", "erp/../../etc", "/etc", "/", None])
def test_a_folder_that_the_site_does_not_allow_is_refused(folder, path):
	with pytest.raises(PlaceError):
		find_folder(path)


def test_the_allowed_folder_itself_belongs_to_no_source(folder):
	with pytest.raises(PlaceError):
		find_folder(str(folder.parent))


def test_a_name_that_only_begins_like_the_allowed_folder_is_refused(folder):
	with pytest.raises(PlaceError):
		find_folder(f"{folder.parent}-of-others/erp")


def test_a_link_on_the_way_is_refused(folder, tmp_path):
	(folder.parent / "link").symlink_to(folder)
	FolderPlace("erp").close()
	with pytest.raises(PlaceError):
		FolderPlace("link")


def test_by_default_the_private_folder_of_the_site_is_allowed(monkeypatch):
	monkeypatch.delitem(frappe.local.conf, SETTING, raising=False)
	root, below = find_folder("sap")
	assert (root, below) == (Path(frappe.get_site_path("private", "exchange")).absolute(), ("sap",))
	with pytest.raises(PlaceError):
		find_folder(str(root.parent / "files"))


def test_a_server_with_another_key_is_not_spoken_to(server):
	server.source.sftp_host_key = sftp_key_line(make_key())
	with pytest.raises(PlaceError, match="another key"):
		SftpPlace(server.source)
	assert server.logins == []


def sftp_key_line(text: str) -> str:
	key = paramiko.Ed25519Key.from_private_key(StringIO(text))
	return f"{key.get_name()} {key.get_base64()}"


def test_a_server_that_does_not_know_our_key_says_so(server):
	server.source.sftp_key = make_key()
	with pytest.raises(PlaceError, match="does not take the user or the key"):
		SftpPlace(server.source)
	assert {is_known for _user, is_known in server.logins} == {False}


def test_a_server_that_is_not_there_says_so(server):
	server.source.sftp_port = 1
	with pytest.raises(PlaceError, match="cannot be reached"):
		SftpPlace(server.source)


def test_a_key_that_lost_its_line_ends_is_read(server):
	server.source.sftp_key = server.source.sftp_key.replace("\n", " ")
	SftpPlace(server.source).close()
	assert server.logins[-1] == (USER, True)


def test_a_host_key_is_read_as_it_is_printed():
	line = sftp_key_line(make_key())
	for text in (line, f"[erp.example.com]:2222 {line}", f"{line} root@erp", f"# erp\nerp {line}\n"):
		assert read_host_key(text).get_base64() == line.split()[1]


@pytest.mark.parametrize(
	"text", [None, "", "AAAA", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 ¡no!", "ssh-dss AAAA"]
)
def test_a_host_key_that_cannot_be_read_is_refused(text):
	with pytest.raises(PlaceError):
		read_host_key(text)


@pytest.mark.parametrize(
	"text",
	[
		None,
		"secret",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
		"-----BEGIN X-----¡no!-----END X-----",
	],
)
def test_a_private_key_that_cannot_be_read_is_refused(text):
	with pytest.raises(PlaceError):
		read_private_key(text)


def test_a_private_key_with_a_passphrase_is_refused():
	file = StringIO()
	paramiko.RSAKey.generate(2048).write_private_key(file, password="open")
	with pytest.raises(PlaceError, match="passphrase"):
		read_private_key(file.getvalue())


@pytest.mark.parametrize(
	"wrong",
	[
		{"sftp_host": None},
		{"sftp_user": ""},
		{"sftp_host": "user@host"},
		{"sftp_port": 70000},
		{"sftp_key": "x"},
		{"sftp_host_key": ""},
	],
)
def test_a_source_without_what_a_connection_needs_is_refused(server, wrong):
	source = Source({**server.source, "user": "Administrator"})
	places.check_source(source)
	with pytest.raises(frappe.ValidationError):
		places.check_source(Source({**source, **wrong}))


def test_a_source_with_files_has_a_user(server):
	with pytest.raises(frappe.ValidationError, match="user"):
		places.check_source(server.source)


def test_a_key_that_is_kept_already_is_not_asked_for_again(server):
	sftp_place.check_settings(Source({**server.source, "sftp_key": "*" * 10}))
