"""Sellers: what happens to the work of one who leaves."""
