"""Functions of the framework that answer, write or fetch without asking who may, replaced by ones that ask.

A function is replaced itself, not its address: whoever reaches it by another name (an alias, a method that
takes the name of a method, an import of the framework's own) reaches the replacement. `replacement.py` says
how; each of the other modules holds the replacements of one kind, and each of them says which versions of
Frappe have the hole and what it let through.
"""
