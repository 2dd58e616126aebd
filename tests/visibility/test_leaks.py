"""Nobody learns what is not theirs, by any way that the framework offers. Over HTTP, with keys."""

import pytest

from tests.visibility.attacks import ATTACKS
from tests.visibility.checks import check_attack, check_path
from tests.visibility.mutations import BRANCHES
from tests.visibility.paths import PATHS


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.id)
def test_a_way_tells_nobody_what_is_not_theirs(path, world, clients):
	check_path(path, world, clients)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_nobody_writes_themselves_into_a_portfolio(attack, world, clients):
	check_attack(attack, world, clients)


@pytest.mark.parametrize("mutation", BRANCHES, ids=lambda mutation: mutation.id)
def test_what_the_mutation_check_changes_is_there(mutation):
	assert mutation.source()
