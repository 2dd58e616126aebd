import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import frappe
import pytest
from frappe.utils import get_url, pdf

from cronus_crm.base.inline_assets import embed_assets
from tests.scaffold import issue_proforma, make_seller


@pytest.mark.parametrize(
	"fetching",
	[
		'<img src="{address}">',
		'<img srcset="{address} 2x">',
		'<link rel="stylesheet" href="{address}">',
		'<iframe src="{address}"></iframe>',
		'<object data="{address}"></object>',
		'<embed src="{address}">',
		'<input type="image" src="{address}">',
		'<table background="{address}"><tr><td>x</td></tr></table>',
		'<div style="background: url({address})">x</div>',
		"<div style=\"background: URL( '{address}' )\">x</div>",
		'<div style="background: u\\72l({address})">x</div>',
		"<style>@import '{address}'; p {{ color: red }}</style>",
		"<style>p {{ background: url({address}) }}</style>",
		'<svg><image href="{address}" /><use xlink:href="{address}" /></svg>',
		'<meta http-equiv="refresh" content="0; url={address}">',
		'<base href="{address}">',
		"<script src='{address}'></script>",
	],
)
@pytest.mark.parametrize(
	"address",
	[
		"http://169.254.169.254/latest/meta-data",
		"https://example.com/pixel.gif",
		"//example.com/pixel.gif",
		"/api/method/frappe.client.get_list?doctype=User",
		"/app/user",
		"file:///etc/passwd",
		"/files/../../site_config.json",
		"/assets/../cronus.localhost/site_config.json",
	],
)
def test_nothing_is_fetched(fetching, address):
	page = embed_assets(f"<p>Before</p>{fetching.format(address=address)}<p>After</p>")
	assert address not in page
	assert "Before" in page and "After" in page


def test_the_engine_fetches_nothing():
	asked = []

	class Handler(BaseHTTPRequestHandler):
		def do_GET(self):
			asked.append(self.path)
			self.send_response(404)
			self.end_headers()

	server = HTTPServer(("127.0.0.1", 0), Handler)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	try:
		made = pdf.get_pdf(
			f'<p>Before</p><img src="http://127.0.0.1:{server.server_port}/x.png"><p>After</p>'
		)
	finally:
		server.shutdown()
	assert made.startswith(b"%PDF")
	assert asked == []


def test_an_address_of_the_site_itself_is_no_way_around():
	page = embed_assets(f'<img src="{get_url("/api/method/ping")}" alt="Logo">')
	assert "ping" not in page
	assert "Logo" in page


def test_a_link_to_click_stays():
	assert 'href="https://example.com"' in embed_assets('<a href="https://example.com">more</a>')


def test_a_page_has_its_styles_in_it():
	seller = make_seller()
	proforma = issue_proforma(seller.name)
	html = embed_assets(frappe.get_print("Proforma", proforma.name))
	assert 'href="data:text/css;base64,' in html
	assert 'href="/assets' not in html


def test_a_private_picture_is_there_for_those_who_may_read_it():
	picture = frappe.get_doc(
		{"doctype": "File", "file_name": "private.png", "content": b"\x89PNG private", "is_private": 1}
	).insert()
	page = f'<img src="{picture.file_url}">'
	assert "data:image/png;base64," in embed_assets(page)
	frappe.set_user(make_seller().user)
	assert "data:image" not in embed_assets(page)
