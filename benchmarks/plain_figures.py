"""The figures of the dashboard as one writes them by hand, from the documents themselves: what the totals are
compared with, in their answers and in their time.

Each is a statement with the parameters `from`, `to`, `from_before` and `to_before` (the same days a year
earlier), and `scope`, which a seller's rule takes the place of. It gives back rows of a key and its figures.
"""

IN_PROGRESS = """
	select d.seller, d.stage, count(*), sum(d.base_value) from `tabCronus Opportunity` d
	where d.state in ('Open', 'Pending') and {scope} group by d.seller, d.stage"""

POTENTIAL = """
	select date_format(d.expected_close, '%%Y-%%m-01'), count(*),
		sum(round(d.base_value * d.probability / 100, 2))
	from `tabCronus Opportunity` d where d.state in ('Open', 'Pending') and {scope} group by 1"""

WON_BY_MONTH = """
	select date_format(d.closed_on, '%%Y-%%m-01'), count(*), sum(d.base_value) from `tabCronus Opportunity` d
	where d.state = 'Won' and d.closed_on between %({from_date})s and %({to_date})s and {scope} group by 1"""

CLOSED = """
	select d.state, count(*), sum(d.base_value) from `tabCronus Opportunity` d
	where d.state in ('Won', 'Not won') and d.closed_on between %(from)s and %(to)s and {scope}
	group by d.state"""

LOSS_REASONS = """
	select d.loss_reason, count(*), sum(d.base_value) from `tabCronus Opportunity` d
	where d.state = 'Not won' and d.closed_on between %(from)s and %(to)s and {scope}
	group by d.loss_reason"""

# An opportunity that is looked for by its first day in a stage may have entered it any time before, too.
FUNNEL = """
	select first.stage, count(*), sum(d.base_value) from `tabCronus Opportunity` d
	join (select parent, stage, min(entered_on) as entered_on from `tabCronus Stage Change`
		group by parent, stage) first on first.parent = d.name
	where date(first.entered_on) between %(from)s and %(to)s and {scope} group by first.stage"""

INVOICED_BY_MONTH = """
	select date_format(d.posting_date, '%%Y-%%m-01'), count(if(d.is_return, null, 1)),
		sum(if(d.is_return, -d.base_net_total, d.base_net_total))
	from `tabInvoice` d
	where d.docstatus = 1 and d.posting_date between %({from_date})s and %({to_date})s and {scope}
	group by 1"""

# Without the median of the days, for which documents would have to be joined with their invoices.
PROFORMA_CONVERSION = """
	select d.seller, count(*), sum(d.base_net_total) from `tabProforma` d
	where d.docstatus = 1 and d.posting_date between %(from)s and %(to)s and {scope} group by d.seller"""

PERIODS = ({"from_date": "from", "to_date": "to"}, {"from_date": "from_before", "to_date": "to_before"})
