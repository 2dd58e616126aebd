"""Who sees what, and what the framework would answer without asking."""
