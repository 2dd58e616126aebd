"""Shared by the benchmarks: connection to the site, median times, output of results."""

import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager

import frappe


@contextmanager
def connect_to_site():
	"""Connects to the site of CRONUS_SITE, from the bench's `sites` folder."""
	name = os.environ.get("CRONUS_SITE")
	if not name:
		sys.exit("CRONUS_SITE is not set: run benchmarks with scripts/bench")
	frappe.init(site=name, sites_path=os.getcwd())
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()


def measure_medians(runs: int, *actions: Callable[[], None]) -> list[float]:
	"""Median seconds of each action. They run alternately, so that load on the machine affects all
	alike."""
	times: list[list[float]] = [[] for _action in actions]
	for run in range(runs + 5):
		for action, spent in zip(actions, times, strict=True):
			start = time.perf_counter()
			action()
			if run >= 5:  # the first ones warm the caches
				spent.append(time.perf_counter() - start)
	return [statistics.median(spent) for spent in times]


def as_request(answer: Callable[[], object]) -> Callable[[], object]:
	"""A function that clears the caches of `frappe.local` before it calls `answer`, as each request
	begins."""

	def run() -> object:
		for memory in ("request_cache", "cache", "role_permissions", "document_cache", "new_doc_templates"):
			if known := getattr(frappe.local, memory, None):
				known.clear()
		return answer()

	return run


def report_ratio(name: str, rows: list[tuple[str, float]], ratio: float, target: float) -> int:
	"""Prints milliseconds of each row and the ratio; gives back the exit code: 1 when the ratio misses the
	target.

	rows: (label, seconds).
	"""
	width = max(len(label) for label, _seconds in rows)
	for label, seconds in rows:
		print(f"{label:<{width}}  {seconds * 1000:8.2f} ms")
	print(f"{name}: ratio {ratio:.2f} (target ≤ {target:.2f})")
	return 0 if ratio <= target else 1
