"""Documents that an asker owns, with a link, row or file of ana inserted."""

import frappe
from frappe.utils import nowdate

from tests.visibility.crawler.crawl_data import CrawlData


class OwnDocuments:
	"""Each method makes a new document of the user who asks, and gives back the JSON that they send."""

	def __init__(self, crawl_data: CrawlData):
		self.crawl_data = crawl_data

	def _rows(self) -> list[dict]:
		return [
			{
				"product": self.crawl_data.world.shared["product"],
				"quantity": 1,
				"price": 1,
				"description": "x",
			}
		]

	def draft(self, who: str):
		records = self.crawl_data.world.records[who]
		doc = frappe.get_doc(
			{
				"doctype": "Proforma",
				"customer": records["Cronus Customer"],
				"seller": records["Cronus Seller"],
				"items": self._rows(),
			}
		)
		doc.insert(ignore_permissions=True)
		# So that it is the asker's in every respect.
		doc.db_set("owner", self.crawl_data.world.users[who], update_modified=False)
		frappe.db.commit()
		return doc

	def submitted(self, who: str):
		doc = self.draft(who)
		doc.submit()
		frappe.db.commit()
		return doc

	def _sent(self, doc) -> dict:
		return frappe.parse_json(frappe.as_json(frappe.get_doc(doc.doctype, doc.name).as_dict()))

	def draft_with_row_of_ana(self, who: str) -> dict:
		sent = self._sent(self.draft(who))
		row = {**sent["items"][0], "name": self.crawl_data.row, "idx": 2}
		sent["items"].append(row)
		return sent

	def contact_with_row_of_ana(self, who: str) -> dict:
		sent = self._sent(frappe.get_doc("Contact", self.crawl_data.world.records[who]["Contact"]))
		sent["email_ids"].append(
			{
				"doctype": "Contact Email",
				"name": self.crawl_data.email_row,
				"email_id": "x@example.com",
				"idx": 2,
			}
		)
		return sent

	def cancelled_with_link(self, who: str) -> dict:
		return {**self._sent(self.submitted(who)), "docstatus": 2, "customer": self.crawl_data.customer}

	def submitted_with_link(self, who: str) -> dict:
		return {**self._sent(self.submitted(who)), "customer": self.crawl_data.customer}

	def draft_with_link(self, who: str) -> dict:
		return {**self._sent(self.draft(who)), "customer": self.crawl_data.customer}

	def _new(self, who: str, **values) -> dict:
		seller = self.crawl_data.world.records[who]["Cronus Seller"]
		return {"doctype": "Proforma", "seller": seller, "items": self._rows(), **values}

	def new_with_opportunity(self, who: str) -> dict:
		return self._new(
			who,
			customer=self.crawl_data.world.records[who]["Cronus Customer"],
			opportunity=self.crawl_data.mine["Cronus Opportunity"],
		)

	def new_with_prospect(self, who: str) -> dict:
		return self._new(who, prospect=self.crawl_data.mine["Cronus Prospect"])

	def new_with_line(self, who: str) -> dict:
		origin = {
			"source_doctype": "Proforma",
			"source_name": self.crawl_data.mine["Proforma"],
			"source_row": self.crawl_data.row,
		}
		customer = self.crawl_data.world.records[who]["Cronus Customer"]
		return self._new(who, doctype="Cronus Order", customer=customer, items=[self._rows()[0] | origin])

	def comment(self, who: str) -> dict:
		return {
			"doctype": "Comment",
			"comment_type": "Comment",
			"reference_doctype": "Cronus Customer",
			"reference_name": self.crawl_data.customer,
			"content": "x",
		}

	def file(self, who: str) -> dict:
		return {
			"doctype": "File",
			"file_name": "x.txt",
			"content": "x",
			"is_private": 1,
			"attached_to_doctype": "Cronus Customer",
			"attached_to_name": self.crawl_data.customer,
		}

	def claimed_file(self, who: str) -> dict:
		return {"doctype": "File", "file_name": "x.csv", "file_url": self.crawl_data.url, "is_private": 1}

	def file_by_detour(self, who: str) -> dict:
		url = self.crawl_data.url.replace("/private/files/", "/private/files/./")
		return {**self.claimed_file(who), "file_url": url}

	def picture(self, who: str) -> dict:
		return {"doctype": "Contact", "first_name": "x", "image": self.crawl_data.url}

	def share(self, who: str) -> dict:
		return {
			"doctype": "DocShare",
			"share_doctype": "Cronus Customer",
			"share_name": self.crawl_data.customer,
			"user": self.crawl_data.world.users[who],
			"read": 1,
		}

	def message(self, who: str) -> dict:
		return {
			"doctype": "Communication",
			"communication_type": "Communication",
			"subject": "x",
			"content": "x",
			"reference_doctype": "Cronus Customer",
			"reference_name": self.crawl_data.customer,
			"timeline_links": [{"link_doctype": "Contact", "link_name": self.crawl_data.mine["Contact"]}],
		}

	def repetition(self, who: str) -> dict:
		return {
			"doctype": "Auto Repeat",
			"reference_doctype": "Cronus Activity",
			"reference_document": self.crawl_data.mine["Cronus Activity"],
			"frequency": "Weekly",
			"start_date": nowdate(),
		}
