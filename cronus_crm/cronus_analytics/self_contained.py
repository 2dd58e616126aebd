"""Pages with their styles and public pictures in them, so that the PDF engine asks nothing of the site.

A job may not reach the site by its address, and a server with one worker cannot answer itself.
"""

import base64
import mimetypes
import re
from pathlib import Path

import frappe


def self_contained(html: str) -> str:
	"""The page with the content of each style and public picture in the place of its address."""
	html = re.sub(r'(?<=\bhref=")/assets/([^"?]+\.css)[^"]*(?=")', _style, html)
	return re.sub(r'(?<=\bsrc=")/files/([^"?]+)(?=")', _picture, html)


def _style(address: re.Match) -> str:
	"""As an address: what stands in the page itself the framework parses for margins, which takes seconds."""
	return _with_content(address, Path(frappe.local.sites_path, "assets"))


def _picture(address: re.Match) -> str:
	return _with_content(address, Path(frappe.get_site_path("public", "files")))


def _with_content(address: re.Match, folder: Path) -> str:
	"""The address that has the content of a file in it; as it was, where the folder has no such file."""
	path = folder / address[1]
	media_type = mimetypes.guess_type(path.name)[0]
	# What is served is what the folder has, not what a way out of it leads to.
	if ".." in path.parts or not path.is_file() or not media_type:
		return address[0]
	return f"data:{media_type};base64,{base64.b64encode(path.read_bytes()).decode()}"
