"""The guards, and how each is removed: in a server process of the tests, never in the product.

Guards of the table of ownership are removed from the table; branches of a module are changed in its source
during import. Those of the service and its portal are in `service_guards.py`.
"""

from dataclasses import dataclass
from types import ModuleType

from cronus_crm.visibility import attachments, guards, link_titles, ownership, private_files, reassignment
from cronus_crm.visibility.ownership import Beside, BySeller, ByState, RowOf, ThroughLinks, ThroughRecord
from cronus_crm.visibility.replaced import replacement
from tests.visibility.service_guards import SERVICE_BRANCHES
from tests.visibility.source_changes import WithoutBranch


@dataclass(frozen=True)
class WithoutLine:
	"""A DocType that is not in the table of ownership."""

	doctype: str

	@property
	def id(self) -> str:
		return f"ownership {self.doctype}"

	def apply(self) -> None:
		ownership.OWNERSHIP.pop(self.doctype)


@dataclass(frozen=True)
class WithoutFace:
	"""A DocType of the table without one of its checks. face: the field of `guards.Guard` with the check."""

	doctype: str
	face: str

	@property
	def id(self) -> str:
		return f"{self.face} {self.doctype}"

	def apply(self) -> None:
		original = guards.find_guard

		def guard_of(doctype):
			guard = original(doctype)
			return guard._replace(**{self.face: None}) if doctype == self.doctype else guard

		guards.find_guard = guard_of


@dataclass(frozen=True)
class WithoutAuthor:
	"""A DocType beside documents whose records may be attached to any document."""

	doctype: str

	@property
	def id(self) -> str:
		return f"author {self.doctype}"

	def apply(self) -> None:
		original = attachments.check_author
		attachments.check_author = lambda doc: None if doc.doctype == self.doctype else original(doc)


@dataclass(frozen=True)
class WithoutFunction:
	"""A function of a module replaced by one that does nothing. tests: names of the test modules or functions
	that should miss it."""

	module: ModuleType
	name: str
	tests: str = ""

	@property
	def id(self) -> str:
		return f"{self.module.__name__.split('.')[-1]}.{self.name}"

	def apply(self) -> None:
		setattr(self.module, self.name, lambda *args, **kwargs: None)


@dataclass(frozen=True)
class WithoutReplacement:
	"""A function of the framework that is not replaced. key: its dotted path."""

	key: str

	@property
	def id(self) -> str:
		return f"replaced {self.key}"

	def apply(self) -> None:
		replacement.import_replacements()
		replacement.REPLACEMENTS.pop(self.key)


def _mutations_of_ownership():
	for doctype, owned in ownership.OWNERSHIP.items():
		if isinstance(owned, BySeller | ThroughRecord | ThroughLinks | ByState):
			yield WithoutLine(doctype)
		guard = guards.GUARDS[type(owned)]
		if isinstance(owned, Beside) and not isinstance(owned, RowOf):
			yield WithoutAuthor(doctype)
			if owned.read_by_framework:
				continue
		for face in guards.Guard._fields:
			if getattr(guard, face):
				yield WithoutFace(doctype, face)
	yield WithoutFunction(private_files, "check_attach_fields")
	yield WithoutFunction(link_titles, "hide_titles_in_print")
	yield WithoutFunction(reassignment, "check_reassignment", tests="test_reassignment")


def _mutations_of_replacements():
	replacement.import_replacements()
	for path in replacement.REPLACEMENTS:
		if replacement.find_original(path):
			yield WithoutReplacement(path)


BRANCHES = (
	WithoutBranch(
		"the stored row is not asked",
		"rule",
		"return scope.includes(*stored) and scope.includes(seller, stored[1], *served)",
		"return scope.includes(seller, stored[1])",
	),
	WithoutBranch(
		"the values that were sent are not asked",
		"rule",
		"return scope.includes(*stored) and scope.includes(seller, stored[1], *served)",
		"return scope.includes(*stored)",
	),
	WithoutBranch(
		"guests are not told from others",
		"rule",
		'if user == "Guest":',
		"if False:",
	),
	WithoutBranch(
		"whoever has no seller sees the first one's",
		"rule",
		"return list_team(seller) if seller else ()",
		'return list_team(seller or frappe.db.get_value("Cronus Seller", {"name": ("like", "tk%")}))',
	),
	WithoutBranch(
		"an idempotency key is everybody's",
		"cronus_crm.base.idempotency",
		'sha256(f"{user}\\n{key}".encode())',
		"sha256(key.encode())",
	),
	WithoutBranch(
		"a Billing User sees everything",
		"rule",
		"not roles.isdisjoint(_roles_that_see_all(doctype))",
		"not roles.isdisjoint({BILLING_ROLE, *_roles_that_see_all(doctype)})",
	),
	WithoutBranch(
		"whoever serves sees the records of all teams",
		"rule",
		"table[served.team_field].isin(scope.teams)",
		"table[served.team_field].isnotnull()",
	),
	WithoutBranch(
		"whoever serves opens the records of all teams",
		"rule",
		"team in self.teams",
		"team",
	),
	WithoutBranch(
		"a team is everybody",
		"rule",
		".where(table.lft[lft:rgt])",
		".where(table.lft > 0)",
	),
	WithoutBranch(
		"a link to anything is allowed",
		"link_checks",
		"if not may_disclose(*link):",
		"if False:",
	),
	WithoutBranch(
		"a prepared report is everybody's",
		"prepared_reports",
		"if doc.owner == user or _sees_everything(user):",
		"if True:",
	),
	WithoutBranch(
		"a file is claimed by a detour",
		"private_files",
		"path = normpath(unquote(address))",
		"path = address",
	),
	WithoutBranch(
		"a chart is read from the framework's cache",
		"replaced.figure_access",
		"return call.run(unwrap(call.original))",
		"return call()",
	),
	WithoutBranch(
		"heatmaps are for everybody",
		"replaced.figure_access",
		'if chart.type == "Heatmap" and not rule.get_scope(doctype).everything:',
		"if False:",
	),
	WithoutBranch(
		"an import may show any file",
		"replaced.file_access",
		'frappe.get_doc("File", {"file_url": call.text("import_file")}).check_permission("read")',
		"pass",
	),
	*SERVICE_BRANCHES,
)

MUTATIONS = {
	mutation.id: mutation
	for mutation in (*_mutations_of_ownership(), *_mutations_of_replacements(), *BRANCHES)
}
