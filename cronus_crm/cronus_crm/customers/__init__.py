"""Customers: contacts, history, export."""
