#!/usr/bin/env python3
"""Tells a Cronus CRM what an ERP knows: the rows of a file, in batches, exactly once.

    CRONUS_TOKEN=KEY:SECRET python push_client.py --url https://crm.example.com --source SAP customers.csv …

A file is CSV in UTF-8 whose headings are the fields of the push (its name begins with the kind of its rows:
customers, branches, contacts, products, prices, documents, balances), or JSON Lines with a row of the push on
each line (.jsonl). See docs/exchange.md.

What the server has answered is noted beside the file (FILE.place). Killed and started again, the client goes
on there. The key of a batch is made of the file's contents and the number of the batch, and the server does a
batch once: one that is sent again, because nobody knows whether it arrived, is answered as the first time.

It prints each row that was refused. Exit code: 0 when none was, 1 when some were, 2 when a batch as a whole
was refused or the server was away for too long.

It needs Python 3.9 and requests, and nothing else; take it as the beginning of your own.
"""

import argparse
import csv
import hashlib
import json
import os
import re
import sys
import time
from itertools import groupby, islice
from pathlib import Path

import requests

METHOD = "/api/method/cronus_crm.api.exchange.push"
MOST_ROWS = 1000  # in a batch
TRIES = 12  # of a batch, over some minutes
SECONDS = 300  # that an answer may take

KINDS = {
	"products": "product",
	"customers": "customer",
	"branches": "branch",
	"contacts": "contact",
	"prices": "price",
	"documents": "document",
	"balances": "balance",
}
OF_ROW = ("id", "version", "cancelled")  # every other column belongs to “data”
TRUTHS = {"true": True, "false": False}
SEVERAL = ("emails", "phones", "mobiles")  # cells with several values, separated by semicolons


class Refused(Exception):
	"""A batch was refused as a whole, or the server was away for too long."""


def read_rows(path):
	"""The rows of a file, one after the other."""
	if path.suffix == ".jsonl":
		with path.open(encoding="utf-8") as lines:
			yield from (json.loads(line) for line in lines if line.strip())
		return
	word = re.match("[a-z]*", path.name.lower())[0]
	if word not in KINDS:
		raise Refused(f"{path.name}: its name begins with none of {', '.join(KINDS)}")
	with path.open(encoding="utf-8-sig", newline="") as file:
		heading = file.readline()
		separator = next((sign for sign in ";\t|" if sign in heading), ",")
		file.seek(0)
		lines = enumerate(csv.DictReader(file, delimiter=separator))
		# With columns of lists (items.product), lines that follow each other with the same id are one row.
		for _key, group in groupby(lines, lambda line: line[1].get("id") if "." in heading else line[0]):
			yield join_lines(KINDS[word], [values for _number, values in group])


def join_lines(kind, lines):
	"""The row that lines with the same id say together."""
	row, data = {"kind": kind}, {}
	for line in lines:
		entries = {}
		for column, text in line.items():
			if column is None:
				raise Refused(f"{kind} {line.get('id')}: its line has more cells than there are headings")
			table, _point, field = column.rpartition(".")
			if text is None or not text.strip():
				continue  # an empty cell says nothing
			if table:
				entries.setdefault(table, {})[field] = read_cell(field, text.strip())
			elif column in OF_ROW:
				row[column] = TRUTHS.get(text.strip(), text.strip())
			else:
				data[column] = read_cell(column, text.strip())
		for table, entry in entries.items():
			data.setdefault(table, []).append(entry)
	return {**row, "data": data} if data else row


def read_cell(field, text):
	if text == r"\N":
		return None  # the field is emptied
	if field in SEVERAL:
		return [part.strip() for part in text.split(";") if part.strip()]
	return TRUTHS.get(text, text)


class Place:
	"""How far a file is: batches that were answered, and rows that were refused in them."""

	def __init__(self, path):
		self.path = path.with_name(path.name + ".place")
		self.digest = hashlib.sha256(path.read_bytes()).hexdigest()
		self.batches, self.refused = 0, 0
		if self.path.exists():
			kept = json.loads(self.path.read_text())
			if kept["digest"] == self.digest:  # else the file is another one by now
				self.batches, self.refused = kept["batches"], kept["refused"]

	def move_on(self, refused):
		self.batches, self.refused = self.batches + 1, self.refused + refused
		kept = {"digest": self.digest, "batches": self.batches, "refused": self.refused}
		new = self.path.with_name(self.path.name + ".new")
		new.write_text(json.dumps(kept))
		os.replace(new, self.path)


class Client:
	"""Sends batches to one site, for one source. token: KEY:SECRET of a user with the role Cronus
	Integrator."""

	def __init__(self, url, source, token, history=False, wait=time.sleep):
		self.url, self.source, self.history, self.wait = url.rstrip("/"), source, history, wait
		self.session = requests.Session()
		self.session.headers["Authorization"] = f"token {token}"

	def push_file(self, path, rows_at_once=MOST_ROWS):
		"""Pushes the rows of a file from its place on. Gives back how many of all were refused."""
		place = Place(path)
		rows = islice(read_rows(path), place.batches * rows_at_once, None)
		while batch := list(islice(rows, rows_at_once)):
			key = f"{place.digest[:32]}/{rows_at_once}/{place.batches + 1}"
			answer = self.push(key, batch)
			refused = [result for result in answer["results"] if result["outcome"] == "refused"]
			for result in refused:
				print(describe(path.name, result))
			place.move_on(len(refused))
			print(f"{path.name}: batch {place.batches}: {answer['counts']}", file=sys.stderr)
		place.path.unlink(missing_ok=True)
		return place.refused

	def push(self, batch, rows):
		"""The answer to a batch, sent until there is one. Raises Refused."""
		body = {"source": self.source, "batch": batch, "history": self.history, "rows": rows}
		for attempt in range(TRIES):
			try:
				response = self.session.post(self.url + METHOD, json=body, timeout=SECONDS)
			except (requests.ConnectionError, requests.Timeout) as error:
				problem, seconds = str(error), None
			else:
				if response.ok:
					return response.json()["message"]
				problem, seconds = describe_refusal(response), response.headers.get("Retry-After")
				# Busy, too many rows in this hour, or something between here and there is away.
				if response.status_code not in (429, 502, 503, 504):
					break
			self.wait(float(seconds) if seconds else min(2**attempt, 60))
		raise Refused(f"batch {batch}: {problem}")


def describe(file, result):
	"""A refused row, for people."""
	about = f"{result.get('kind')} {result.get('id')}: {result.get('code')}"
	if result.get("field"):
		about += f" ({result['field']}: {result.get('value')})"
	return f"{file}: {about}: {result.get('message')}"


def describe_refusal(response):
	"""Status and message of an answer that refuses all."""
	try:
		told = json.loads(json.loads(response.json()["_server_messages"])[0])["message"]
	except (ValueError, KeyError, IndexError, TypeError):
		told = response.text[:300]
	return f"{response.status_code} {told}"


def main():
	parser = argparse.ArgumentParser(description="Pushes the rows of files to Cronus CRM.")
	parser.add_argument("files", nargs="+", type=Path)
	parser.add_argument("--url", required=True)
	parser.add_argument("--source", required=True, help="the Cronus Source that the ERP is there")
	parser.add_argument("--history", action="store_true", help="the rows are of the past")
	parser.add_argument("--rows", type=int, default=MOST_ROWS, help="in a batch, at most 1000")
	options = parser.parse_args()
	client = Client(options.url, options.source, os.environ["CRONUS_TOKEN"], options.history)
	try:
		refused = sum(client.push_file(path, options.rows) for path in options.files)
	except Refused as error:
		print(error, file=sys.stderr)
		return 2
	return 1 if refused else 0


if __name__ == "__main__":
	sys.exit(main())
