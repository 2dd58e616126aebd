"""Row-level permissions: who sees which documents, in all ways in which the framework shows them."""
