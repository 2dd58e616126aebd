"""What stands on printed pages."""

from io import BytesIO
from unicodedata import normalize

from pypdf import PdfReader


def text_of_pdf(content: bytes) -> str:
	"""The text of the pages of a PDF, letter by letter: engines set “fi” and “ff” as one sign each."""
	return normalize("NFKC", "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages))
