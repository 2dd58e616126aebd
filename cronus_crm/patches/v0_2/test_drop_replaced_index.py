import frappe

from cronus_crm.patches.v0_2 import drop_replaced_index as patch


def test_only_the_replaced_index_is_dropped_and_twice_does_no_harm(monkeypatch):
	dropped = []
	there = {patch.REPLACED_INDEX, "seller_starts_on_ends_on_index"}

	def drop(query: str) -> None:
		dropped.append(query)
		there.discard(patch.REPLACED_INDEX)

	monkeypatch.setattr(frappe.db, "has_index", lambda table, index: index in there)
	monkeypatch.setattr(frappe.db, "sql_ddl", drop)
	patch.execute()
	patch.execute()
	assert dropped == ["alter table `tabCronus Activity` drop index `seller_state_starts_on_index`"]
