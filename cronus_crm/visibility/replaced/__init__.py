"""Replacements of functions of the framework that read, write or fetch something without checking
permissions.

The function itself is replaced, not its address. So every caller gets the replacement: an alias, a method
that takes the name of a method, and an import inside the framework. `replacement.py` does this.

Each other module holds the replacements of one group. The docstring of each says which versions of Frappe
have the hole, what it let through, and which test holds it closed:

* “way …”: an entry of that name in tests/visibility/paths.py or ways_around.py, run by
  tests/visibility/test_leaks.py;
* “attack …”: an entry in tests/visibility/attacks.py or ways_around.py, run by the same file;
* “the crawler”: tests/visibility/crawler/, which calls every whitelisted function;
* otherwise the file and name of a test.

`scripts/mutate` removes one replacement at a time and says which of the ways and attacks notices.
tests/test_framework_signatures.py checks that each replacement is in place and fits the installed framework.
"""
