"""Prices, taxes and exchange rates of a line."""
