"""Prospects: their follow-ups, duplicates, and how one becomes a customer."""
