"""What documents of an ERP take of each other, and what is left of them. Pure: no database.

A document names those that it was made from, or that it settles (`Paper.named`). From all documents of a
source follow, whatever order they were told in:

* its *origins*: of a payment or a credit note the documents that it names, of any other also those that these
  were made from. What is cancelled or not told is no origin, and nothing goes through it.
* what it *takes* of each origin. An invoice takes its amount without tax of a proforma, order, delivery note
  or sales note, and what it takes of one it takes of those behind it as well. A payment takes its amount of
  invoices, and one that returns money gives back to invoices, or takes of credit notes and of payments. A
  credit note takes its total of invoices.
* its *balance*, where the ERP has not told it: what is left when everybody has taken.

Of several origins each is taken what the ERP says (`Named.amount`), or else a part in proportion to their
totals. No more is taken of an invoice than its total: payments come first, then credit notes, each in the
order of their dates; what they do not get they keep as their own balance.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from cronus_crm.base.amounts import as_decimal, currency_decimals, round_decimal
from cronus_crm.base.sales_documents import INVOICE
from cronus_crm.cronus_exchange.external_documents.papers import (
	BEFORE_INVOICE,
	CREDIT_NOTE,
	PAYMENT,
	SETTLING,
	Named,
	Paper,
	Taken,
)

Papers = Mapping[str, Paper]
# What each paper wants of others, by the key of the other.
Claims = dict[str, list[tuple[Paper, Decimal]]]

_ZERO = Decimal(0)


def settle(papers: Papers, complete: Collection[str], targets: Collection[str]) -> None:
	"""Sets what papers take of each other, and their balances.

	papers: by name, with all documents behind those of `complete`. complete: whose origins are found again;
	all that name a target are among them. targets: of which it is decided again what others take.
	"""
	ordered = sorted(complete)
	origins = {name: find_origins(papers[name], papers) for name in ordered}
	claims: Claims = defaultdict(list)
	for name in ordered:
		if papers[name].is_issued:
			for key, amount in _compute_claims(papers[name], papers).items():
				claims[key].append((papers[name], amount))
	given = _give(papers, targets, claims)
	for name in ordered:
		paper = papers[name]
		paper.taken = {key: _find_taken(paper, key, papers, targets, given) for key in origins[name]}
	_set_balances(papers, {*complete, *targets}, targets, given, claims)


def find_origins(paper: Paper, papers: Papers) -> list[str]:
	"""The names of the origins that are here and issued: the named ones first."""
	found = dict.fromkeys(one.key for one in _list_known(paper, papers))
	if paper.kind not in SETTLING:
		waiting = list(found)
		while waiting:
			behind = papers[waiting.pop(0)]
			if behind.kind in SETTLING:
				continue
			for one in _list_known(behind, papers):
				if one.key not in found and one.key != paper.name:
					found[one.key] = None
					waiting.append(one.key)
	return list(found)


def _list_known(paper: Paper, papers: Papers) -> list[Named]:
	"""The documents that a paper names and that are here and issued, each once."""
	known = {one.key: one for one in reversed(paper.named) if one.key in papers and papers[one.key].is_issued}
	known.pop(paper.name, None)
	return list(reversed(known.values()))


def _compute_claims(paper: Paper, papers: Papers) -> dict[str, Decimal]:
	"""What an issued paper wants of each of its origins, in the currency of the origin."""
	if paper.kind == INVOICE:
		flows: dict[str, Decimal] = defaultdict(Decimal)
		_flow(paper, as_decimal(paper.net_total), papers, flows, {paper.name})
		return flows
	if paper.kind not in SETTLING:
		return {}
	returns = paper.kind == PAYMENT and paper.grand_total < 0
	kinds = (INVOICE, CREDIT_NOTE, PAYMENT) if returns else (INVOICE,)
	named = [one for one in _list_known(paper, papers) if papers[one.key].kind in kinds]
	# What returns money gives nothing to return.
	named = [one for one in named if papers[one.key].kind != PAYMENT or papers[one.key].grand_total > 0]
	shares = _share(paper, as_decimal(abs(paper.grand_total)), named, papers)
	if not returns:
		return shares
	return {key: -amount if papers[key].kind == INVOICE else amount for key, amount in shares.items()}


def _flow(paper: Paper, amount: Decimal, papers: Papers, flows: dict[str, Decimal], passed: set[str]) -> None:
	"""Adds what is taken of the documents behind a paper when `amount` is taken of the paper itself."""
	whole = as_decimal(paper.net_total)
	if not whole:
		return
	shares = _share(paper, whole, _list_next(paper, papers), papers)
	for key, share in shares.items():
		if key in passed:
			continue
		part = share * amount / whole
		flows[key] += part
		_flow(papers[key], part, papers, flows, passed | {key})


def _list_next(paper: Paper, papers: Papers) -> list[Named]:
	"""The documents that a paper was made from at once: not those behind another one that it names too."""
	named = [one for one in _list_known(paper, papers) if papers[one.key].kind in BEFORE_INVOICE]
	if len(named) < 2:
		return named
	behind = {key for one in named for key in find_origins(papers[one.key], papers) if key != one.key}
	# In a circle each is behind the other: then all are next.
	return [one for one in named if one.key not in behind] or named


def _share(paper: Paper, amount: Decimal, named: Iterable[Named], papers: Papers) -> dict[str, Decimal]:
	"""How much of an amount, in the currency of the paper, goes to each document; in that one's currency."""
	named = list(named)
	shares = {one.key: as_decimal(one.amount) for one in named if one.amount}
	left = amount - sum(_convert(part, papers[key], paper) for key, part in shares.items())
	others = [papers[one.key] for one in named if not one.amount]
	weights = [as_decimal(other.measure) * as_decimal(other.exchange_rate) for other in others]
	whole = sum(weights, _ZERO)
	left = max(left, _ZERO)
	for place, (other, weight) in enumerate(zip(others, weights, strict=True)):
		part = left * weight / whole if whole else left / len(others)
		if len(others) == 1 or place < len(others) - 1:
			shares[other.name] = _round(_convert(part, paper, other), other)
		else:  # the last one takes the rest, so that nothing is lost by rounding
			gone = sum(_convert(shares[one.name], one, paper) for one in others[:-1])
			shares[other.name] = _round(_convert(left - gone, paper, other), other)
	return shares


def _convert(amount: Decimal, of: Paper, to: Paper) -> Decimal:
	if of.currency == to.currency:
		return amount
	return amount * as_decimal(of.exchange_rate) / as_decimal(to.exchange_rate)


def _round(amount: Decimal, paper: Paper) -> Decimal:
	return round_decimal(amount, currency_decimals(paper.currency))


def _give(papers: Papers, targets: Collection[str], claims: Claims) -> dict[tuple[str, str], Decimal]:
	"""What each claimant gets of each target, by the names of both."""
	given: dict[tuple[str, str], Decimal] = {}
	wanted = [name for name in sorted(targets) if papers[name].is_issued]
	for name in wanted:
		paper = papers[name]
		if paper.kind in BEFORE_INVOICE:
			given |= {(by.name, name): _round(amount, paper) for by, amount in claims.get(name, ())}
		elif paper.kind == INVOICE:
			_give_in_order(paper, _order(claims.get(name, ())), as_decimal(paper.grand_total), given)
	for name in wanted:
		paper = papers[name]
		if paper.kind in SETTLING:
			left = max(as_decimal(abs(paper.grand_total)) - _sum_used(paper, papers, targets, given), _ZERO)
			_give_in_order(paper, _order(claims.get(name, ())), left, given)
	return given


def _order(claims: Iterable[tuple[Paper, Decimal]]) -> list[tuple[Paper, Decimal]]:
	return sorted(claims, key=lambda one: (one[0].kind != PAYMENT, one[0].posting_date, one[0].name))


def _give_in_order(
	paper: Paper, claims: list[tuple[Paper, Decimal]], whole: Decimal, given: dict[tuple[str, str], Decimal]
) -> None:
	"""No claim gets more than is left, and none gives back more than was taken."""
	left = whole
	for by, amount in claims:
		got = max(min(_round(amount, paper), left), left - whole)
		left -= got
		given[by.name, paper.name] = got


def _sum_used(
	paper: Paper, papers: Papers, targets: Collection[str], given: dict[tuple[str, str], Decimal]
) -> Decimal:
	"""What a payment or a credit note has settled of others, in its own currency."""
	used = _ZERO
	for one in _list_known(paper, papers):
		other = papers[one.key]
		if one.key in targets:
			amount = given.get((paper.name, one.key), _ZERO)
		else:
			amount = as_decimal(paper.taken[one.key].amount) if one.key in paper.taken else _ZERO
		used += _convert(abs(amount), other, paper)
	return used


def _find_taken(
	paper: Paper,
	key: str,
	papers: Papers,
	targets: Collection[str],
	given: dict[tuple[str, str], Decimal],
) -> Taken:
	if key not in targets:
		return paper.taken.get(key) or Taken(0.0, 0.0)
	amount = float(given.get((paper.name, key), _ZERO))
	return Taken(amount, papers[key].in_company_currency(amount))


def _set_balances(
	papers: Papers,
	decided: Collection[str],
	targets: Collection[str],
	given: dict[tuple[str, str], Decimal],
	claims: Claims,
) -> None:
	for name in sorted(decided):
		paper = papers[name]
		if not paper.is_issued:
			# What was told of it is gone with it.
			paper.balance, paper.balance_told = 0.0, 0
		elif not paper.balance_told:
			left = as_decimal(abs(paper.grand_total) if paper.kind in SETTLING else paper.measure)
			if paper.kind in SETTLING:
				left -= _sum_used(paper, papers, targets, given)
			elif name not in targets:
				continue
			if name in targets:
				left -= sum((given[by.name, name] for by, _amount in claims.get(name, ())), _ZERO)
			paper.balance = paper.round(max(left, _ZERO))
		_fill_parts(paper)


def _fill_parts(paper: Paper) -> None:
	"""The balances of instalments: what is paid fills the earliest first. Those that the ERP has told stay as
	long as they come to the balance of the whole."""
	if sum(as_decimal(part.balance) for part in paper.parts) == as_decimal(paper.balance):
		return
	left = as_decimal(paper.balance)
	for part in sorted(paper.parts, key=lambda part: part.due_date, reverse=True):
		part.balance = float(min(as_decimal(part.amount), left))
		left -= as_decimal(part.balance)
