"""Solutions: who sees which, by which words they are found, and what is counted of them."""

import frappe
import pytest
from frappe.utils import add_days, strip_html

from cronus_crm.base.company import company_today
from cronus_crm.cronus_service.report.cronus_searches_without_answer import cronus_searches_without_answer
from cronus_crm.cronus_service.solutions import (
	missing_answers,
	review_reminders,
	solution_desk,
	solution_search,
	solution_use,
	solution_versions,
	solution_words,
)
from tests.scaffold import (
	ADMINISTRATOR,
	BILLING,
	MANAGER,
	SELLER,
	ensure_product,
	make_agent_of_team,
	make_user,
	unique,
)

AGENT, LEAD = "Cronus Service Agent", "Cronus Service Lead"


def make_solution(question: str | None = None, state: str = "Draft", answer: str = "<p>Así.</p>", **fields):
	return frappe.get_doc(
		{
			"doctype": "Cronus Solution",
			"question": question or unique("Pregunta"),
			"answer": answer,
			"state": state,
			**fields,
		}
	).insert()


def make_case() -> str:
	return (
		frappe.get_doc(
			{
				"doctype": "Cronus Case",
				"subject": unique("Caso"),
				"account_kind": "Supplier",
				"account_name": unique("Proveedor"),
				"state": frappe.get_all("Cronus Case State", pluck="name", order_by="name asc")[0],
				"priority": "Medium",
				"channel": "By hand",
			}
		)
		.insert()
		.name
	)


# Who sees which


@pytest.mark.parametrize(
	("role", "seen"),
	[
		(AGENT, {"Draft", "Internal", "Public"}),
		(LEAD, {"Draft", "Internal", "Public"}),
		(ADMINISTRATOR, {"Draft", "Internal", "Public"}),
		(SELLER, {"Internal", "Public"}),
		(MANAGER, {"Internal", "Public"}),
		(BILLING, {"Internal", "Public"}),
		(None, set()),
		("Guest", set()),
	],
)
def test_a_solution_is_seen_by_its_state(role, seen):
	names = {state: make_solution(state=state).name for state in ("Draft", "Internal", "Public")}
	frappe.set_user(role if role == "Guest" else make_user(*filter(None, [role])))
	readable = {
		state
		for state, name in names.items()
		if frappe.get_doc("Cronus Solution", name).has_permission("read")
	}
	assert readable == seen
	if seen:
		listed = frappe.get_list("Cronus Solution", {"name": ("in", list(names.values()))}, pluck="name")
		assert set(listed) == {names[state] for state in seen}
	else:
		with pytest.raises(frappe.PermissionError):
			frappe.get_list("Cronus Solution")


def test_a_solution_that_is_taken_back_is_not_seen_any_more():
	solution = make_solution(state="Public")
	seller = make_user(SELLER)
	frappe.set_user(seller)
	assert frappe.has_permission("Cronus Solution", "read", solution.name)
	frappe.set_user("Administrator")
	solution.state = "Draft"
	solution.save()
	frappe.set_user(seller)
	assert not frappe.has_permission("Cronus Solution", "read", solution.name)


def test_a_seller_cannot_make_one_internal_to_read_it():
	solution = make_solution()
	frappe.set_user(make_user(SELLER))
	sent = frappe.get_doc("Cronus Solution", solution.name)
	sent.state = "Internal"
	assert not sent.has_permission("read")


@pytest.mark.parametrize("role", [SELLER, MANAGER, BILLING])
def test_former_versions_are_of_those_who_see_drafts(role):
	solution = make_solution(state="Internal")
	frappe.set_user(make_user(role))
	with pytest.raises(frappe.PermissionError):
		solution_versions.list_versions(solution.name)


# What it says


@pytest.mark.parametrize(
	"answer",
	[
		"<p>x</p><script>alert(1)</script>",
		'<img src="x" onerror="alert(1)">',
		'"<script>alert(1)</script>"',  # valid JSON, which the framework leaves as it is
		'<a href="javascript:alert(1)">x</a>',
	],
)
def test_nothing_in_an_answer_runs(answer):
	stored = make_solution(answer=answer).answer
	for sign in ("<script", "onerror", "javascript:"):
		assert sign not in stored


def test_a_change_of_what_it_says_is_a_version_that_comes_back():
	solution = make_solution("¿Cómo se instala?", answer="<p>Uno</p>")
	solution.answer = "<p>Dos</p>"
	solution.save()
	solution.state = "Internal"
	solution.save()
	versions = solution_versions.list_versions(solution.name)
	assert [row.version_number for row in versions] == [2, 1]
	assert solution_versions.restore_version(solution.name, 1) == 3
	solution.reload()
	assert strip_html(solution.answer) == "Uno"
	assert solution.state == "Internal"
	with pytest.raises(frappe.ValidationError, match="no version 9"):
		solution_versions.restore_version(solution.name, 9)


def test_what_only_the_server_counts_is_not_taken_from_a_client():
	solution = make_solution(times_used=99, version_number=7, search_text="nada")
	assert (solution.times_used, solution.version_number) == (0, 1)
	solution.times_helpful = 99
	solution.save()
	assert solution.times_helpful == 0


def test_a_deleted_solution_leaves_nothing_behind():
	solution = make_solution()
	solution_use.use_solution(solution.name, make_case())
	solution.delete()
	for doctype in ("Cronus Solution Version", "Cronus Solution Use"):
		assert not frappe.db.exists(doctype, {"solution": solution.name})


# By which words it is found


@pytest.mark.parametrize(
	"family",
	[
		("factura", "facturas", "facturar"),
		("instalar", "instalación", "instalaciones"),
		("imprimir", "imprime"),
		("conexión", "conexiones"),
		("invoice", "invoices"),
		("printing", "print"),
	],
)
def test_words_of_a_family_begin_alike(family):
	stems = [solution_words.find_stem(word) for word in map(solution_words.make_index_text, family)]
	for word in map(solution_words.make_index_text, family):
		assert any(word.startswith(stem) for stem in stems), (word, stems)
	assert min(map(len, stems)) >= 4


def test_a_question_has_no_signs_of_the_language_of_the_database():
	words = solution_words.list_words('+a -b "c" (d) ~e* @f <g> % x\'; drop', "<b>ñandú</b>")
	for all_of_them in (True, False):
		query = solution_words.write_query(words, all_of_them)
		assert set(query) <= set("abcdefghijklmnopqrstuvwxyz0123456789_ +*"), query
	assert "nandu*" in query


def test_what_every_text_says_is_no_question():
	assert solution_words.list_words("Hola, tengo un problema con la impresora") == ["impresora"]
	assert solution_words.list_words("que como de") == ["que", "como", "de"]


@pytest.fixture
def stored():
	"""A word that nothing else has, and a maker of solutions that the index has: it knows what is
	committed."""
	token = "qx" + frappe.generate_hash(length=8).translate(str.maketrans("0123456789", "ghijklmnop"))
	made = []

	def make(*args, **fields):
		made.append(make_solution(*args, **fields))
		frappe.db.commit()
		return made[-1].name

	yield token, make
	frappe.set_user("Administrator")
	for solution in made:
		frappe.delete_doc("Cronus Solution", solution.name, force=True, ignore_missing=True)
	frappe.db.delete("Cronus Solution Search", {"words": ("like", f"%{token}%")})
	frappe.db.commit()


def names(rows) -> list[str]:
	return [row["name"] for row in rows]


def test_a_solution_is_found_without_accents_and_in_other_forms(stored):
	token, make = stored
	name = make(f"¿Cómo se configura la Impresión {token}?", "Public")
	for text in (
		"impresion",
		"IMPRESIÓN",
		"impresiones",
		"configurar impresion",
		"configuración de impresión",
	):
		assert names(solution_search.find_visible(f"{text} {token}", all_words=True)) == [name], text
	assert names(solution_search.find_public(f"impresiones {token}")) == [name]


def test_a_case_is_answered_by_what_shares_its_rare_words(stored):
	token, make = stored
	asked = make(f"Cambiar el tóner {token}", "Internal")
	answered = make("Otra cosa", "Internal", answer=f"<ul><li>Toner</li><li>{token}</li></ul>")
	for number in range(5):
		make(f"Impresora sin nada de eso {number}", "Internal")
	found = names(
		solution_desk.propose(f"Necesito cambiar toner {token}", "<p>Hola, la impresora no anda</p>", None)
	)
	assert found[:2] == [asked, answered]


def test_a_solution_of_the_product_comes_first(stored):
	token, make = stored
	product = ensure_product(unique("P"))
	make(f"Ajustar {token}", "Internal")
	of_product = make(f"Ajustar {token}", "Internal", products=[{"product": product}])
	assert names(solution_desk.propose(f"ajustar {token}", "", product))[0] == of_product


def test_each_is_proposed_what_they_see(stored):
	token, make = stored
	by_state = {state: make(f"Ajuste {token}", state) for state in ("Draft", "Internal", "Public")}
	frappe.set_user(make_user(AGENT))
	assert set(names(solution_desk.propose(token, "", None))) == set(by_state.values())
	frappe.set_user(make_user(SELLER))
	assert set(names(solution_desk.propose(token, "", None))) == {by_state["Internal"], by_state["Public"]}
	assert names(solution_search.find_public(token)) == [by_state["Public"]]
	frappe.set_user(make_user())
	with pytest.raises(frappe.PermissionError):
		solution_desk.propose(token, "", None)


# What is counted


def test_a_solution_counts_once_in_a_case_and_its_last_opinion(stored):
	solution, case, other = make_solution("¿Cómo?", answer="<p>Así</p>"), make_case(), make_case()
	answer = solution_use.use_solution(solution.name, case)
	assert strip_html(answer["html"]) == "Así"
	assert answer["address"] is None
	solution_use.use_solution(solution.name, case)
	solution_use.use_solution(solution.name, other)
	solution_use.rate_in_case(solution.name, case, True)
	solution_use.rate_in_case(solution.name, case, False)
	solution_use.rate_in_case(solution.name, other, True)
	solution.reload()
	assert (solution.times_used, solution.times_helpful, solution.times_not_helpful) == (2, 1, 1)
	with pytest.raises(frappe.ValidationError, match="was not used"):
		solution_use.rate_in_case(solution.name, make_case(), True)


def test_a_draft_is_used_by_nobody_who_does_not_see_it():
	solution, case = make_solution(), make_case()
	frappe.set_user(make_user(SELLER))
	with pytest.raises(frappe.PermissionError):
		solution_use.use_solution(solution.name, case)


def test_a_solution_goes_into_no_case_that_one_may_not_write():
	solution, case = make_solution(state="Public"), make_case()
	agent, _team = make_agent_of_team()
	for user in (make_user(SELLER), agent):
		frappe.set_user(user)
		assert frappe.has_permission("Cronus Solution", doc=solution.name)
		with pytest.raises(frappe.PermissionError):
			solution_use.use_solution(solution.name, case)


PIXEL = (
	"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5Er"
	"kJggg=="
)


def test_pictures_of_an_answer_become_files_of_the_case():
	solution, case = make_solution(answer=f'<p>Así</p><img src="{PIXEL}">'), make_case()
	assert "/private/files/" in solution.answer
	for _click in range(2):
		html = solution_use.use_solution(solution.name, case)["html"]
	(file,) = frappe.get_all(
		"File", {"attached_to_doctype": "Cronus Case", "attached_to_name": case}, pluck="name"
	)
	assert f"fid={file}" in html


def test_what_is_not_found_is_reported_until_it_is_answered(stored):
	token, make = stored
	for text in (f"fusor {token}", f"{token} FUSOR", f"el fusor de {token}"):
		assert solution_desk.search(text) == []
	frappe.db.commit()

	def reported(**filters):
		rows = cronus_searches_without_answer.execute(filters)[1]
		return [(row["asked"], row["times"]) for row in rows if token in row["asked"]]

	assert reported() == [(f"el fusor de {token}", 3)]
	assert reported(place=missing_answers.PAGE) == []
	make(f"Cambiar el fusor {token}", "Internal")
	assert reported() == []


def reminders_of(user: str, solution: str) -> list[str]:
	rows = {"for_user": user, "document_type": "Cronus Solution", "document_name": solution}
	return frappe.get_all("Notification Log", rows, pluck="subject", order_by="creation asc")


def test_whoever_is_responsible_is_reminded_once_for_each_review_date():
	user = make_user(AGENT)
	today = company_today()
	solution = make_solution("<b>¿Aún?</b>", responsible=user, review_on=add_days(today, -3))
	ahead = make_solution(responsible=user, review_on=add_days(today, 1))
	for _day in range(2):
		review_reminders._remind(solution.name)
		review_reminders._remind(ahead.name)
	(notice,) = reminders_of(user, solution.name)
	assert solution.name in notice
	assert "<b>¿" not in notice
	assert reminders_of(user, ahead.name) == []
	assert ahead.name not in review_reminders._list_due()
	solution.reload()
	solution.review_on = today
	solution.save()
	assert solution.name in review_reminders._list_due()
	review_reminders._remind(solution.name)
	assert len(reminders_of(user, solution.name)) == 2


def test_the_leads_are_reminded_of_what_nobody_is_responsible_for():
	lead, gone = make_user(LEAD), make_user(AGENT)
	frappe.db.set_value("User", gone, "enabled", 0)
	solution = make_solution(responsible=gone, review_on=company_today())
	review_reminders._remind(solution.name)
	assert len(reminders_of(lead, solution.name)) == 1
	assert reminders_of(gone, solution.name) == []
