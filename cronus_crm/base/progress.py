"""How long work tells how far it has come."""

from collections.abc import Callable

# Called with (done, in all, what is being done, translated).
Progress = Callable[[int, int, str], None]
