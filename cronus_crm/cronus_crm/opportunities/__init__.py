"""Opportunities: changes of stage by invoices and re-evaluation, and the board."""
