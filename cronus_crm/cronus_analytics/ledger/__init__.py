"""The sales ledger and the totals, and the proof that both are right."""
