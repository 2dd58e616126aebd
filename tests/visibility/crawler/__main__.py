"""Crawls without pytest: python -m tests.visibility.crawler [--without GUARD] [TEXT…]

With TEXT, only functions whose names hold one of them; "REST" for the addresses of the REST API. With a guard
of `tests/visibility/mutations.py`, a server that lacks it. On the site of CRONUS_SITE, in the bench's folder
`sites`. Prints findings as they come, and at the end the functions that nobody could call; ends with 1 if
there are findings.
"""

import os
import sys

import frappe

from tests.serving import serve
from tests.visibility.clients import Client
from tests.visibility.crawler.crawl import Crawler, Report
from tests.visibility.crawler.excluded import reason_for_weakness
from tests.visibility.crawler.findings import Finding
from tests.visibility.crawler.register import read_register
from tests.visibility.mutation import make_people


def main(arguments: list[str]) -> int:
	guard = None
	if arguments[:1] == ["--without"]:
		guard, *arguments = arguments[1:]
	site = os.environ["CRONUS_SITE"]
	frappe.init(site=site, sites_path=os.getcwd())
	frappe.connect()
	register = read_register(site)
	world, keys = make_people()
	command = (sys.executable, "-m", "tests.visibility.serve", "{port}")
	with serve(site, *command, *filter(None, [guard])) as address:
		clients = {who: Client(who, address, key) for who, key in keys.items()}
		report = crawl(Crawler(world, clients), register.functions, arguments)
	show(report)
	return 1 if report.findings else 0


def crawl(crawler: Crawler, functions: list, wanted: list[str]) -> Report:
	report = Report()
	# Lists come first: what somebody has asked is shown to them in some of these later.
	if not wanted or "REST" in wanted:
		report.add(crawler.crawl_rest(say))
	chosen = [f for f in functions if not wanted or any(text in f.id for text in wanted)]
	report.add(crawler.crawl(chosen, say))
	return report


def say(finding: Finding) -> None:
	print(finding, "\n", flush=True)


def show(report: Report) -> None:
	for name, answer in report.weak.items():
		if not reason_for_weakness(name):
			print(f"weak: {name}: {answer}")
	for name, number in report.broken.most_common():
		print(f"errors of the server: {number} of {name}")
	print(
		f"\n{report.functions} functions at {report.addresses} addresses, {report.requests} requests in"
		f" {report.seconds:.0f} s: {len(report.findings)} findings, of"
		f" {len({finding.call.function for finding in report.findings})} functions."
	)


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
