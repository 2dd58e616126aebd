from decimal import Decimal

import pytest

from cronus_crm.cronus_billing.printing.amount_in_words import amount_in_words

SPANISH = [
	(0, "USD", "CERO DÓLARES ESTADOUNIDENSES CON 00/100"),
	(0.5, "USD", "CERO DÓLARES ESTADOUNIDENSES CON 50/100"),
	(1, "USD", "UN DÓLAR ESTADOUNIDENSE CON 00/100"),
	(1.01, "EUR", "UN EURO CON 01/100"),
	(2, "EUR", "DOS EUROS CON 00/100"),
	(16, "PEN", "DIECISÉIS SOLES PERUANOS CON 00/100"),
	(21, "MXN", "VEINTIÚN PESOS MEXICANOS CON 00/100"),
	(31.3, "MXN", "TREINTA Y UN PESOS MEXICANOS CON 30/100"),
	(100, "PEN", "CIEN SOLES PERUANOS CON 00/100"),
	(101, "PEN", "CIENTO UN SOLES PERUANOS CON 00/100"),
	(1200.5, "USD", "MIL DOSCIENTOS DÓLARES ESTADOUNIDENSES CON 50/100"),
	(1234.56, "COP", "MIL DOSCIENTOS TREINTA Y CUATRO PESOS COLOMBIANOS CON 56/100"),
	(21000, "MXN", "VEINTIÚN MIL PESOS MEXICANOS CON 00/100"),
	(101000, "MXN", "CIENTO UN MIL PESOS MEXICANOS CON 00/100"),
	(721521.1, "USD", "SETECIENTOS VEINTIÚN MIL QUINIENTOS VEINTIÚN DÓLARES ESTADOUNIDENSES CON 10/100"),
	(1_000_000, "USD", "UN MILLÓN DE DÓLARES ESTADOUNIDENSES CON 00/100"),
	(1_000_001, "EUR", "UN MILLÓN UN EUROS CON 00/100"),
	(21_000_000, "COP", "VEINTIÚN MILLONES DE PESOS COLOMBIANOS CON 00/100"),
	(3_500_000, "COP", "TRES MILLONES QUINIENTOS MIL PESOS COLOMBIANOS CON 00/100"),
	(1_000_000_000_000, "COP", "UN BILLÓN DE PESOS COLOMBIANOS CON 00/100"),
	(1, "GBP", "UNA LIBRA ESTERLINA CON 00/100"),
	(21_221, "GBP", "VEINTIÚN MIL DOSCIENTAS VEINTIUNA LIBRAS ESTERLINAS CON 00/100"),
	(200_501_500, "SEK", "DOSCIENTOS MILLONES QUINIENTAS UN MIL QUINIENTAS CORONAS SUECAS CON 00/100"),
	(2, "HNL", "DOS LEMPIRAS HONDUREÑOS CON 00/100"),
	(45_000, "CLP", "CUARENTA Y CINCO MIL PESOS CHILENOS"),
	(45_000.5, "CLP", "CUARENTA Y CINCO MIL PESOS CHILENOS CON 50/100"),
	(-8.25, "USD", "MENOS OCHO DÓLARES ESTADOUNIDENSES CON 25/100"),
	(1000, "ZZZ", "MIL ZZZ CON 00/100"),
	(1_000_000, "ZZZ", "UN MILLÓN ZZZ CON 00/100"),
]

ENGLISH = [
	(0, "USD", "ZERO US DOLLARS AND 00/100"),
	(1, "USD", "ONE US DOLLAR AND 00/100"),
	(1.99, "PEN", "ONE PERUVIAN SOL AND 99/100"),
	(1200.5, "USD", "ONE THOUSAND, TWO HUNDRED US DOLLARS AND 50/100"),
	(1_000_000, "MXN", "ONE MILLION MEXICAN PESOS AND 00/100"),
	(45_000, "CLP", "FORTY-FIVE THOUSAND CHILEAN PESOS"),
	(-3, "EUR", "MINUS THREE EUROS AND 00/100"),
	(7, "ZZZ", "SEVEN ZZZ AND 00/100"),
]


@pytest.mark.parametrize("amount, currency, words", SPANISH)
def test_an_amount_is_written_out_in_spanish(amount, currency, words):
	assert amount_in_words(amount, currency, "es") == f"SON: {words}"


@pytest.mark.parametrize("amount, currency, words", ENGLISH)
def test_an_amount_is_written_out_in_english(amount, currency, words):
	assert amount_in_words(amount, currency, "en") == f"SAY: {words}"


@pytest.mark.parametrize("language", ["es", "es-MX", "es_PE", "ES"])
def test_every_spanish_is_spanish(language):
	assert amount_in_words(1, "EUR", language) == "SON: UN EURO CON 00/100"


@pytest.mark.parametrize("amount", [1.005, Decimal("1.005"), "1.005"])
def test_half_a_cent_goes_up_whatever_the_number_is_made_of(amount):
	assert amount_in_words(amount, "EUR", "es") == "SON: UN EURO CON 01/100"


def test_ninety_nine_and_a_half_cents_are_a_whole():
	assert amount_in_words(0.995, "EUR", "en") == "SAY: ONE EURO AND 00/100"


def test_no_number_before_a_noun_ends_in_uno():
	"""All that the shortening has to know is in the first thousands and what multiplies them."""
	for factor in (1, 1_000, 1_000_000):
		for number in range(1, 1_000):
			words = amount_in_words(number * factor, "EUR", "es")
			assert "UNO" not in words.split(), words
			assert "VEINTIUNO" not in words, words
