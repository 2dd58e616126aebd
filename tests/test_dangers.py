"""What is easy to write and dangerous here, found in the source: each rule says why, and what to do instead.

A place that is right as it is says so: in the list of the rule, or by a comment beside it where the rule asks
for a reason.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "cronus_crm"

# Where a transaction ends by our hand: jobs, commands, and what a person waits for in batches.
COMMITS = {
	"commands.py": "a command",
	"uninstall.py": "tables are dropped next, which ends the transaction in any case",
	"base/repeated_transactions.py": "a request, where an error can still be answered",
	"base/batches.py": "a batch, or one record, of a job",
	"cronus_crm/activities/traffic_light.py": "a job: batches",
	"cronus_analytics/figures/customer_alerts.py": "a job: batches",
	"cronus_analytics/files/document_bundles.py": "a job: its signs of life",
	"cronus_analytics/files/customer_files.py": "a job: the file is kept before its notice is given",
	"cronus_exchange/fetching/fetch_tasks.py": "a job: when it comes next, before a file is begun",
	"cronus_exchange/fetching/refused_files.py": "a job: what it tells, with the mark that it was told",
	"cronus_exchange/merging/customer_merges.py": "a job: each merge with its journal",
	"cronus_exchange/pulling/change_log.py": "a request that reads: changes get their numbers before that",
	"cronus_exchange/pushing/push.py": "a request: each chunk with its checkpoint",
	"cronus_exchange/pushing/runs.py": "a request: the run, before its rows; a job: batches",
	"cronus_exchange/pushing/waiting_rows.py": "a job: batches",
	"cronus_exchange/running/attempts.py": "a job, or a request: each chunk with its checkpoint",
	"cronus_exchange/running/row_tasks.py": "a job: what an earlier dry run has kept, batch by batch",
	"cronus_exchange/running/stored_rows.py": "a job: what is kept of imports that are gone, batch by batch",
	"cronus_exchange/running/tasks.py": "a job: its state",
	"cronus_service/mail/pulling.py": "a job: each message, before it is marked on its server",
	"demo/past_documents.py": "a command",
	"demo/pipeline.py": "a command",
	"demo/site_setup.py": "a command",
}

# How many lines above a call its reason may stand.
NEAR = 3


class Source:
	"""path: below the package. lines: its text. calls: every call in it, with the name that is called."""

	def __init__(self, path: Path):
		self.path = path.relative_to(PACKAGE).as_posix()
		text = path.read_text()
		self.lines = text.split("\n")
		self.tree = ast.parse(text)
		self.calls = [
			(node, ast.unparse(node.func)) for node in ast.walk(self.tree) if isinstance(node, ast.Call)
		]

	def explained(self, node: ast.AST) -> bool:
		"""True when a comment stands on the lines of the node or just above."""
		return any("#" in line for line in self.lines[max(0, node.lineno - 1 - NEAR) : node.end_lineno])


@cache
def sources() -> list[Source]:
	files = sorted(PACKAGE.rglob("*.py"))
	return [
		Source(file) for file in files if not file.name.startswith("test_") and file.name != "conftest.py"
	]


def argument(call: ast.Call, name: str) -> ast.expr | None:
	return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def is_true(value: ast.expr | None) -> bool:
	return isinstance(value, ast.Constant) and value.value is True


def permissions_ignored_without_reason(source: Source) -> Iterator[ast.AST]:
	"""`ignore_permissions` lets whoever calls write anything. Say in a comment who has asked before."""
	for call, _name in source.calls:
		if is_true(argument(call, "ignore_permissions")) and not source.explained(call):
			yield call


def answers_past_the_rule(source: Source) -> Iterator[ast.AST]:
	"""`frappe.get_all`, `frappe.db` and `frappe.qb` know no rule of visibility. What api/ answers comes from
	a module below, which asks."""
	if source.path.startswith("api/"):
		for call, name in source.calls:
			if name.startswith(("frappe.get_all", "frappe.db.", "frappe.qb.")):
				yield call


def whitelisted_without_types(source: Source) -> Iterator[ast.AST]:
	"""The framework checks what a client sends against annotations. Annotate every argument, and the
	answer."""
	for node in ast.walk(source.tree):
		if isinstance(node, ast.FunctionDef) and any(
			"whitelist" in ast.unparse(d) for d in node.decorator_list
		):
			arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
			if node.returns is None or any(argument.annotation is None for argument in arguments):
				yield node


def statements_put_together(source: Source) -> Iterator[ast.AST]:
	"""A statement that is put together from texts can be injected. Use `frappe.qb`."""
	for call, name in source.calls:
		if name.endswith("db.sql") and not isinstance(call.args[0], ast.Constant):
			yield call


def functions_among_fields(source: Source) -> Iterator[ast.AST]:
	"""Frappe 16 refuses SQL functions in `fields=`. Use `frappe.qb`."""
	for call, _name in source.calls:
		texts = [
			node
			for node in ast.walk(argument(call, "fields") or ast.Pass())
			if isinstance(node, ast.Constant)
		]
		if any(isinstance(text.value, str) and "(" in text.value for text in texts):
			yield call


def commits(source: Source) -> Iterator[ast.AST]:
	"""A commit in a document's event makes half a transaction last. Jobs and commands alone commit:
	COMMITS."""
	if source.path not in COMMITS:
		for call, name in source.calls:
			if name == "frappe.db.commit":
				yield call


def queries_without_order(source: Source) -> Iterator[ast.AST]:
	"""The framework's default order differs between 15 and 16. Say `order_by`."""
	for call, name in source.calls:
		if name in ("frappe.get_all", "frappe.get_list") and argument(call, "order_by") is None:
			yield call


def cached_records(source: Source) -> Iterator[ast.AST]:
	"""The framework's cache of documents may hold what was before a change: money, limits and rights come
	from `base/present_records.py`. What decides nothing may be read from the cache; say why in a comment."""
	if source.path != "base/present_records.py":
		for call, name in source.calls:
			if name.startswith(("frappe.get_cached_", "frappe.get_single_value", "frappe.cache.")):
				if not source.explained(call):
					yield call


RULES: tuple[Callable[[Source], Iterator[ast.AST]], ...] = (
	permissions_ignored_without_reason,
	answers_past_the_rule,
	whitelisted_without_types,
	statements_put_together,
	functions_among_fields,
	commits,
	queries_without_order,
	cached_records,
)

EXAMPLES = {
	permissions_ignored_without_reason: "\n\n\n\ndoc.save(ignore_permissions=True)",
	answers_past_the_rule: "frappe.get_all('Note', order_by='name')",
	whitelisted_without_types: "@frappe.whitelist()\ndef answer(name): ...",
	statements_put_together: "frappe.db.sql(f'select {name}')",
	functions_among_fields: "frappe.get_list('Note', fields=['count(name)'])",
	commits: "frappe.db.commit()",
	cached_records: "frappe.get_cached_value('Note', name, 'public')",
	queries_without_order: "frappe.get_list('Note')",
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_nothing_dangerous_is_written(rule):
	found = [f"{source.path}:{node.lineno}" for source in sources() for node in rule(source)]
	assert not found, f"{rule.__doc__}\n" + "\n".join(found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_each_rule_finds_its_example(rule, tmp_path, monkeypatch):
	example = tmp_path / "api" / "example.py"
	example.parent.mkdir()
	example.write_text(EXAMPLES[rule])
	monkeypatch.setitem(globals(), "PACKAGE", tmp_path)
	assert list(rule(Source(example)))


def test_who_commits_is_there():
	there = {source.path: source for source in sources()}
	for path in COMMITS:
		assert path in there, path
