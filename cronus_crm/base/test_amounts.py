import pytest

from cronus_crm.base import amounts


@pytest.mark.parametrize(
	("currency", "decimals"),
	[("CLP", 0), ("PYG", 0), ("JPY", 0), ("KWD", 3), ("USD", 2), ("MXN", 2), ("???", 2), ("", 2), (None, 2)],
)
def test_currencies_have_the_decimals_of_the_cldr(currency, decimals):
	assert amounts.currency_decimals(currency) == decimals


@pytest.mark.parametrize(
	("amount", "currency", "rounded"),
	[(2.5, "CLP", 3), (-2.5, "CLP", -3), (1.005, "USD", 1.01), (0.0005, "KWD", 0.001), (None, "USD", 0)],
)
def test_halves_go_away_from_zero(amount, currency, rounded):
	assert amounts.round_amount(amount, currency) == rounded


def test_a_sum_is_exact():
	assert amounts.add_amounts(0.1, 0.2, -0.3) == 0
	assert amounts.add_amounts(1e12, 0.001, -1e12) == 0.001


@pytest.mark.parametrize(
	("amount", "balance", "settles"),
	[(6866, 6865.5, 6865.5), (6865, 6865.5, 6865.5), (6000.4, 6865.5, 6000), (6866, 6866, 6866), (0.4, 5, 0)],
)
def test_a_balance_with_cents_of_a_currency_without_them_can_be_settled(amount, balance, settles):
	assert amounts.round_settlement(amount, balance, "CLP") == settles
