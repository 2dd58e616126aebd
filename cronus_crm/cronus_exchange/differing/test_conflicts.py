from datetime import date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from cronus_crm.cronus_exchange.differing.conflicts import (
	Difference,
	Teller,
	are_same,
	decide,
	find_differing,
	find_holders,
	note_told,
)

FIELDS = ("name", "limit", "note")
VALUES = st.sampled_from([None, "", "A", "B", "C", 0, 1.5])

# What happens to a record, one after the other.
STEPS = st.lists(
	st.one_of(
		st.tuples(st.just("tell"), st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1)),
		st.tuples(st.just("change here"), st.sampled_from(FIELDS), VALUES),
		st.tuples(st.just("take ours"), st.sampled_from(FIELDS)),
		st.tuples(st.just("take theirs"), st.sampled_from(FIELDS)),
	),
	max_size=25,
)


class Model:
	"""One record and its ERP, by the words of the rule: of each field, who has changed it here since it was
	told, and what a person has decided."""

	def __init__(self, stored: dict, owned: frozenset):
		self.stored, self.owned = dict(stored), owned
		self.touched = {name for name in FIELDS if stored.get(name)}
		self.told, self.kept = {}, {}

	def tell(self, row: dict) -> None:
		for name, value in row.items():
			if name in self.kept and not are_same(self.kept[name], value):
				del self.kept[name]
			if are_same(self.stored.get(name), value):
				self.kept.pop(name, None)
			decided = name in self.kept
			if not decided and (name in self.owned or name not in self.touched):
				self.stored[name] = value
			if are_same(self.stored.get(name), value):
				self.touched.discard(name)
			else:
				self.touched.add(name)
			self.told[name] = value

	def change_here(self, name: str, value) -> None:
		self.stored[name] = value
		if are_same(value, self.told.get(name)):
			self.touched.discard(name)
		else:
			self.touched.add(name)

	def differing(self) -> set:
		return {name for name in self.touched if name in self.told and name not in self.kept}


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), VALUES), st.sets(st.sampled_from(FIELDS)), STEPS)
def test_any_course_of_tellings_and_changes_ends_as_the_rule_says(stored, owned, steps):
	model = Model(stored, frozenset(owned))
	ours, told, accepted = dict(stored), {}, {}
	for step, *details in steps:
		if step == "tell":
			(row,) = details
			decision = decide(row, ours, told, owned, accepted)
			ours.update(decision.write)
			told, accepted = note_told(told, row), decision.accepted
			model.tell(row)
			assert set(decision.differing) == model.differing().intersection(row)
		elif step == "change here":
			ours[details[0]] = details[1]
			model.change_here(*details)
		elif details[0] in find_differing(told, ours, accepted):
			(name,) = details
			if step == "take ours":
				accepted[name] = model.kept[name] = told[name]
			else:
				ours[name] = told[name]
				model.change_here(name, told[name])
		assert all(are_same(ours.get(name), model.stored.get(name)) for name in FIELDS)
		assert set(find_differing(told, ours, accepted)) == model.differing()


@settings(max_examples=300, deadline=None)
@given(
	st.dictionaries(st.sampled_from(FIELDS), VALUES),
	st.fixed_dictionaries({source: st.sets(st.sampled_from(FIELDS)) for source in "AB"}),
	st.lists(
		st.tuples(st.sampled_from("AB"), st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1)),
		max_size=12,
	),
)
def test_what_several_erps_own_is_what_the_first_of_them_told_whoever_tells_last(stored, owned, rows):
	ours, told = dict(stored), {}
	for source, row in rows:
		told.setdefault(source, {})
		tellers = [Teller(one, owned[one], row if one == source else told[one]) for one in told]
		held = {name for name, holder in find_holders(tellers).items() if holder != source}
		decision = decide(row, ours, told[source], owned[source], held=held)
		ours.update(decision.write)
		told[source] = note_told(told[source], row)
		assert not held.intersection(decision.write)
		for name, holder in find_holders([Teller(one, owned[one], told[one]) for one in told]).items():
			assert are_same(ours.get(name), told[holder][name])


@settings(max_examples=200, deadline=None)
@given(
	st.dictionaries(st.sampled_from(FIELDS), VALUES, min_size=1),
	st.dictionaries(st.sampled_from(FIELDS), VALUES),
	st.sets(st.sampled_from(FIELDS)),
)
def test_a_row_told_twice_changes_nothing_the_second_time(row, stored, owned):
	decision = decide(row, stored, {}, owned)
	after = {**stored, **decision.write}
	again = decide(row, after, note_told({}, row), owned, decision.accepted)
	assert not again.write
	assert again.differing == decision.differing
	assert all(are_same(after.get(name), row[name]) for name in owned.intersection(row))


def test_what_is_owned_is_theirs_and_what_was_changed_here_is_ours():
	told_before = {"name": "Acme", "phone": "1", "city": "Quito"}
	stored = {"name": "ACME!", "phone": "2", "city": "Quito"}
	told = {"name": "Acme S.A.", "phone": "3", "city": "Loja"}
	decision = decide(told, stored, told_before, owned={"name"})
	assert decision.write == {"name": "Acme S.A.", "city": "Loja"}
	assert decision.differing == {"phone": Difference("3", "2")}


def test_what_was_here_before_an_erp_told_of_it_stays_unless_it_is_empty_or_owned():
	decision = decide(
		{"name": "A", "phone": "1", "city": "Loja"}, {"name": "a", "phone": "2"}, None, owned={"name"}
	)
	assert decision.write == {"name": "A", "city": "Loja"}
	assert decision.differing == {"phone": Difference("1", "2")}


def test_ours_is_kept_until_the_erp_tells_another_value():
	kept = {"name": "A"}
	told_before = {"name": "A"}
	assert not decide({"name": "A"}, {"name": "B"}, told_before, {"name"}, kept).write
	assert not find_differing({"name": "A"}, {"name": "B"}, kept)
	changed = decide({"name": "C"}, {"name": "B"}, told_before, {"name"}, kept)
	assert changed.write == {"name": "C"}
	assert changed.accepted == {}
	assert decide({"city": "Loja"}, {"name": "B"}, told_before, {"name"}, kept).accepted == kept


def test_a_form_that_the_record_gave_to_a_value_is_no_change_by_people():
	told_before = note_told({}, {"tax_id": "17-9001"}, {"tax_id": "179001"})
	assert decide({"tax_id": "18-0"}, {"tax_id": "179001"}, told_before).write == {"tax_id": "18-0"}
	assert not find_differing(told_before, {"tax_id": "179001"})


def test_values_of_the_database_and_of_json_say_the_same():
	for one, other in (
		(Decimal("12.500000000"), 12.5),
		(date(2026, 11, 27), "2026-11-27"),
		(datetime(2026, 11, 27, 8, 0, 0, 5), "2026-11-27 08:00:00"),
		(None, 0),
		(1, True),
		(["A@x.com", "b@x.com"], ["b@x.com", "a@x.com"]),
		(["099 123-4"], ["0991234"]),
		("one\r\ntwo", "one\ntwo "),
	):
		assert are_same(one, other)
	assert not are_same("A", "a")
	assert not are_same(["a"], [])
