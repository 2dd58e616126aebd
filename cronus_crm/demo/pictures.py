"""Drawings that the demo attaches to prospects; generated, so that the repository holds no picture."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (320, 220)
COUNTER, TILL, SCREEN, PAPER = "#cbd5e1", "#475569", "#bae6fd", "#ffffff"


def draw_shop_counter(tills: int) -> bytes:
	"""A PNG of a shop counter with this number of tills."""
	image = Image.new("RGB", SIZE, "#f8fafc")
	draw = ImageDraw.Draw(image)
	draw.rectangle((0, 150, SIZE[0], SIZE[1]), fill=COUNTER)
	for number in range(tills):
		left = (number + 1) * SIZE[0] // (tills + 1) - 30
		draw.rectangle((left, 110, left + 60, 150), fill=TILL)
		draw.rectangle((left + 8, 70, left + 52, 105), fill=SCREEN, outline=TILL, width=3)
		draw.rectangle((left + 20, 98, left + 40, 122), fill=PAPER, outline=TILL)
	stored = BytesIO()
	image.save(stored, "PNG", optimize=True)
	return stored.getvalue()
