import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import frappe
import pytest
from frappe.utils import add_days, add_to_date, now_datetime

from cronus_crm.cronus_analytics.files import customer_files, document_bundles
from cronus_crm.cronus_analytics.files.document_bundles import BUNDLE
from tests.printed import text_of_pdf
from tests.scaffold import invoice_of, issue_proforma, make_customer, make_seller, new_proforma, pay


@pytest.fixture
def seller():
	return make_seller()


@pytest.fixture
def customer(seller):
	return make_customer(seller.name)


@pytest.fixture
def proformas(seller, customer):
	return [issue_proforma(seller.name, customer=customer.name) for _proforma in range(2)]


@pytest.fixture
def jobs(monkeypatch):
	"""The bundles that are given to the queue."""
	given = []

	def enqueue(method, **arguments):
		if "bundle" in arguments:
			given.append((method, arguments))

	monkeypatch.setattr(frappe, "enqueue", enqueue)
	return given


def named(documents) -> list[list[str]]:
	return [[document.doctype, document.name] for document in documents]


def download(customer, shape, documents) -> bytes:
	customer_files.download_customer_file(customer, shape, json.dumps(documents))
	return frappe.local.response.pop("filecontent")


def test_several_are_one_pdf_in_the_order_of_the_choice(customer, proformas):
	wanted = named(reversed(proformas))
	text = text_of_pdf(download(customer.name, "pdf", wanted))
	assert 0 <= text.find(proformas[1].name) < text.find(proformas[0].name)
	assert frappe.local.response.filename.endswith(".pdf")


def test_an_archive_has_the_pdf_of_each(customer, proformas):
	with ZipFile(BytesIO(download(customer.name, "zip", named(proformas)))) as archive:
		names = archive.namelist()
		assert names == [f"Proforma-{proforma.name}.pdf" for proforma in proformas]
		assert proformas[0].name in text_of_pdf(archive.read(names[0]))


def test_payments_are_among_them(customer, proformas):
	payment = pay(invoice_of(proformas[0]))
	assert ("Cronus Payment", payment.name) in customer_files.start_customer_file(customer.name, "zip")[
		"documents"
	]
	text = text_of_pdf(download(customer.name, "pdf", named([payment])))
	assert "Receipt" in text
	assert payment.name in text


def test_all_are_those_of_the_list_as_it_is_narrowed(seller, customer, proformas):
	draft = new_proforma(seller.name, customer.name).insert()
	every = customer_files.start_customer_file(customer.name, "zip")["documents"]
	assert set(every) == {("Proforma", doc.name) for doc in (*proformas, draft)}
	drafts = customer_files.start_customer_file(customer.name, "zip", state="Draft")
	assert drafts == {"documents": [("Proforma", draft.name)]}


def test_what_is_cancelled_is_left_out_of_all_and_refused_by_name(customer, proformas):
	proformas[0].cancel()
	every = customer_files.start_customer_file(customer.name, "pdf")["documents"]
	assert every == [("Proforma", proformas[1].name)]
	with pytest.raises(frappe.ValidationError, match="Leave it out"):
		customer_files.start_customer_file(customer.name, "pdf", named(proformas))


def test_without_documents_there_is_no_file(customer):
	with pytest.raises(frappe.ValidationError, match="at least one document"):
		customer_files.start_customer_file(customer.name, "pdf")


@pytest.mark.parametrize("documents", ['["Proforma"]', '[["Proforma"]]', '[["Proforma", "A", "B"]]'])
def test_a_document_is_named_by_doctype_and_name(customer, documents):
	with pytest.raises(frappe.ValidationError, match="its DocType and its name"):
		customer_files.start_customer_file(customer.name, "pdf", documents)


def test_an_unknown_shape_is_refused(customer):
	with pytest.raises(frappe.ValidationError, match="pdf, zip"):
		customer_files.start_customer_file(customer.name, "rar")


def test_only_commercial_documents_of_the_customer_are_given(seller, customer, proformas):
	elsewhere = issue_proforma(seller.name)
	for foreign in (
		["Proforma", elsewhere.name],
		["User", "Administrator"],
		["Cronus Customer", customer.name],
	):
		with pytest.raises(frappe.PermissionError):
			customer_files.start_customer_file(customer.name, "pdf", [*named(proformas), foreign])


def test_too_many_are_refused_before_anything_is_made(customer, proformas, monkeypatch, jobs):
	monkeypatch.setattr(customer_files, "MOST_DOCUMENTS", 1)
	with pytest.raises(frappe.ValidationError, match="more than 1 documents"):
		customer_files.start_customer_file(customer.name, "pdf")
	assert jobs == []


@pytest.fixture
def uncommitted(monkeypatch):
	"""What a job commits stays in the test's transaction, with what is done after a commit."""
	monkeypatch.setattr(frappe.db, "rollback", lambda **_arguments: None)
	monkeypatch.setattr(frappe.db, "commit", lambda: frappe.db.after_commit.run())
	monkeypatch.setattr(customer_files, "MOST_AT_ONCE", 1)


def test_many_are_prepared_for_whoever_asked(seller, customer, proformas, uncommitted, jobs):
	frappe.set_user(seller.user)
	assert customer_files.start_customer_file(customer.name, "zip") == {"queued": 2, "done": 0}
	frappe.db.commit()
	((method, arguments),) = jobs
	assert frappe.get_attr(method) is customer_files.prepare_customer_file
	assert frappe.db.get_value(BUNDLE, arguments["bundle"], "user") == seller.user
	with pytest.raises(frappe.ValidationError, match="At most 1"):
		customer_files.download_customer_file(customer.name, "zip", json.dumps(named(proformas)))


def test_who_asks_again_is_told_how_far_it_is(seller, customer, proformas, uncommitted, jobs):
	frappe.set_user(seller.user)
	customer_files.start_customer_file(customer.name, "zip")
	frappe.db.set_value(BUNDLE, bundle_of(seller.user).name, {"state": "Running", "done": 1})
	assert customer_files.start_customer_file(customer.name, "zip") == {"queued": 2, "done": 1}
	frappe.db.commit()
	assert len(jobs) == 1


def bundle_of(user: str):
	(name,) = frappe.get_all(BUNDLE, {"user": user}, pluck="name", order_by="name asc")
	return frappe.get_doc(BUNDLE, name)


def ask(user, customer):
	frappe.set_user(user)
	customer_files.start_customer_file(customer.name, "zip")
	return bundle_of(user)


def prepare(user, customer, as_user=None):
	"""What the job does for whoever has asked."""
	bundle = ask(user, customer)
	frappe.set_user(as_user or user)
	customer_files.prepare_customer_file(bundle.name, bundle.request)
	return bundle.reload()


def fall_silent(bundle, **values):
	"""As if the worker had gone some minutes ago."""
	silent = add_to_date(now_datetime(), seconds=-document_bundles.SILENT_SECONDS - 1)
	frappe.db.set_value(BUNDLE, bundle.name, {"heartbeat": silent, **values})


def test_a_bundle_whose_worker_is_gone_is_repeated(seller, customer, proformas, uncommitted, jobs):
	bundle = ask(seller.user, customer)
	frappe.db.commit()
	document_bundles.begin(bundle.name, bundle.request)
	frappe.set_user("Administrator")
	document_bundles.resume_abandoned()
	assert len(jobs) == 1
	fall_silent(bundle)
	document_bundles.resume_abandoned()
	document_bundles.resume_abandoned()
	assert len(jobs) == 2
	assert jobs[0][1]["job_id"] != jobs[1][1]["job_id"]
	frappe.set_user(seller.user)
	customer_files.prepare_customer_file(bundle.name, bundle.request)
	assert bundle.reload().state == "Done"
	assert len(notices(seller.user)) == 1


def test_asking_again_repeats_what_has_fallen_silent(seller, customer, proformas, uncommitted, jobs):
	bundle = ask(seller.user, customer)
	fall_silent(bundle, state="Running")
	assert customer_files.start_customer_file(customer.name, "zip") == {"queued": 2, "done": 0}
	frappe.db.commit()
	assert jobs[-1][1]["request"] == bundle.reload().request
	assert bundle.state == "Waiting"


def test_who_lost_a_bundle_to_workers_again_and_again_is_told(seller, customer, proformas, uncommitted, jobs):
	bundle = ask(seller.user, customer)
	fall_silent(bundle, state="Running", tries=document_bundles.MOST_TRIES)
	folder = document_bundles.find_folder(bundle)
	folder.mkdir(parents=True)
	frappe.set_user("Administrator")
	for _sweep in range(2):
		document_bundles.resume_abandoned()
	(notice,) = notices(seller.user)
	assert "could not be prepared" in notice.subject
	assert not folder.exists()
	assert bundle.reload().state == "Failed"


def test_a_worker_that_was_only_slow_leaves_it_to_the_next(seller, customer, proformas, uncommitted, jobs):
	bundle = ask(seller.user, customer)
	slow = document_bundles.begin(bundle.name, bundle.request)
	fall_silent(bundle)
	document_bundles.begin(bundle.name, bundle.request)
	with pytest.raises(document_bundles.SupersededError):
		document_bundles.show_progress(slow, 1)


def test_without_a_queue_the_request_waits_for_the_sweep(
	seller, customer, proformas, uncommitted, monkeypatch
):
	monkeypatch.setitem(frappe.conf, "max_queued_jobs", -(10**6))
	bundle = ask(seller.user, customer)
	frappe.db.commit()
	assert bundle.reload().state == "Waiting"


def notices(user) -> list:
	return frappe.get_all(
		"Notification Log", {"for_user": user}, ["subject", "link"], order_by="creation asc"
	)


@pytest.fixture
def prepared(seller, customer, proformas, uncommitted, jobs):
	prepare(seller.user, customer)
	((link),) = [notice.link for notice in notices(seller.user)]
	return frappe.get_doc("File", {"file_url": link})


def test_a_job_leaves_a_private_file_and_a_notice(seller, customer, proformas, prepared):
	assert (prepared.is_private, prepared.owner, prepared.attached_to_doctype) == (1, seller.user, None)
	with ZipFile(prepared.get_full_path()) as archive:
		assert len(archive.namelist()) == 2
	(notice,) = notices(seller.user)
	assert customer.customer_name in notice.subject
	assert f"within {customer_files.KEPT_DAYS} days" in notice.subject


def aged(file, days: int):
	file.db_set("creation", add_days(now_datetime(), -days), update_modified=False)
	return Path(file.get_full_path())


def test_what_was_prepared_is_deleted_after_some_days(prepared):
	path = aged(prepared, customer_files.KEPT_DAYS - 1)
	customer_files.delete_old()
	assert path.exists()
	aged(prepared, customer_files.KEPT_DAYS + 1)
	customer_files.delete_old()
	assert not path.exists()
	assert not frappe.db.exists("File", prepared.name)


def test_what_its_user_moves_elsewhere_is_kept(seller, prepared):
	path = aged(prepared, customer_files.KEPT_DAYS + 1)
	prepared.reload().folder = "Home"
	prepared.save()
	customer_files.delete_old()
	assert path.exists()


def test_another_file_with_the_same_content_keeps_it(prepared):
	"""The framework gives a file that is uploaded the address of one with the same content."""
	again = frappe.get_doc(
		{"doctype": "File", "file_name": "mine.zip", "content": prepared.get_content(), "is_private": 1}
	).insert()
	assert again.file_url == prepared.file_url
	path = aged(prepared, customer_files.KEPT_DAYS + 1)
	customer_files.delete_old()
	assert path.exists()


def test_the_file_is_of_its_user_alone(seller, prepared):
	manager = make_seller()
	assert prepared.has_permission("read", user=seller.user)
	assert not prepared.has_permission("read", user=manager.user)
	frappe.set_user(manager.user)
	assert prepared.name not in frappe.get_list("File", pluck="name", order_by="name asc", limit=0)


def test_a_request_that_is_done_is_not_done_again(seller, prepared):
	bundle = bundle_of(seller.user)
	customer_files.prepare_customer_file(bundle.name, bundle.request)
	assert len(notices(seller.user)) == 1
	assert (bundle.state, bundle.done, bundle.total) == ("Done", 2, 2)


def test_what_is_done_can_be_asked_for_again(seller, customer, prepared):
	prepare(seller.user, customer)
	assert len(notices(seller.user)) == 2


def test_a_job_in_another_session_does_nothing(seller, customer, proformas, uncommitted, jobs):
	with pytest.raises(frappe.PermissionError):
		prepare(seller.user, customer, as_user="Administrator")
	assert not frappe.db.exists("File", {"file_name": ("like", f"%{customer.name}%")})


def test_a_job_that_fails_tells_its_user(seller, customer, proformas, uncommitted, jobs):
	bundle = ask(seller.user, customer)
	frappe.db.set_value("Proforma", proformas[0].name, "customer", make_customer(seller.name).name)
	with pytest.raises(frappe.PermissionError):
		customer_files.prepare_customer_file(bundle.name, bundle.request)
	(notice,) = notices(seller.user)
	assert "could not be prepared" in notice.subject
	assert not notice.link
	assert bundle.reload().state == "Failed"


def test_the_name_of_a_file_is_safe_and_says_what_it_is(seller):
	customer = make_customer(seller.name, customer_name='Ñandú & Hijos / "Sur": ../../etc')
	name = customer_files.make_file_name("documents", customer.name, "zip")
	assert name.startswith(f"documents-{customer.name}-Nandu-Hijos-Sur-")
	assert not set(name) & set('/\\"<>&: ')
