"""Opportunities: how they move, and their board."""
