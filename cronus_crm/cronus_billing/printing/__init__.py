"""Documents and payments on paper."""
