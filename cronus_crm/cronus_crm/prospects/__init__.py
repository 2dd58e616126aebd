"""Prospects: state, follow-ups, appointments, duplicates, conversion to a customer."""
