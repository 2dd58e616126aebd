import frappe

from cronus_crm.base.batches import commit_between_batches, split_batches


def test_records_come_in_their_order_so_many_at_a_time():
	assert list(split_batches([1, 2, 3, 4, 5], 2)) == [[1, 2], [3, 4], [5]]
	assert list(split_batches([], 2)) == []


def test_each_batch_but_the_last_is_committed(site, monkeypatch):
	seen = []
	monkeypatch.setattr(frappe.local.db, "commit", lambda: seen.append("commit"))
	for batch in commit_between_batches([1, 2, 3], 2):
		seen.append(batch)
	assert seen == [[1, 2], "commit", [3]]
