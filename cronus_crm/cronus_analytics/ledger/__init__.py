"""The sales ledger, the totals derived from it, and the checks that compare both with the records."""
