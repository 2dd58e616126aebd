"""Calls whatever can be called over HTTP with what belongs to another seller, and looks at what comes of it.

Nothing here knows which functions the framework has: `register` asks it. What a function is asked is made
from its signature (`arguments`), and where that cannot tell, from `particular`. `crawl` asks, and says what
was told, changed or broken. What is not asked is in `excluded`, with a reason for each.
"""
