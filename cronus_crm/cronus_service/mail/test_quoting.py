"""What a message has quoted stands behind a fold, and nothing else does."""

import pytest

from cronus_crm.base.texts import strip_tags
from cronus_crm.cronus_service.mail.mail_parts import clean_html, text_to_html
from cronus_crm.cronus_service.mail.quoting import split_quoted

NEW, OLD = "Gracias, ya funciona.", "Hola Ana, reinicie el equipo."

TEXTS = {
	"Gmail, Spanish": f"{NEW}\n\nEl vie, 27 nov 2026 a las 9:15, Ana (<s@e.com>)\nescribió:\n\n> {OLD}\n",
	"Gmail, English": f"{NEW}\n\nOn Fri, Nov 27, 2026 at 9:15 AM Ana <s@e.com> wrote:\n\n> {OLD}\n> x\n",
	"Outlook, Spanish": (
		f"{NEW}\n\nDe: Soporte <s@example.com>\nEnviado: viernes, 27 de noviembre de 2026 9:15\n"
		f"Para: Ana <ana@example.com>\nAsunto: RE: Caso\n\n{OLD}\n"
	),
	"Outlook, English": (
		f"{NEW}\n\n________________________________\nFrom: Support <s@example.com>\n"
		f"Sent: Friday, November 27, 2026 9:15 AM\nTo: Ana\nSubject: RE: Case\n\n{OLD}\n"
	),
	"Outlook, former, Spanish": (
		f"{NEW}\n\n-----Mensaje original-----\nDe: Soporte\nEnviado el: viernes\nPara: Ana\nAsunto: "
		f"x\n\n{OLD}\n"
	),
	"Outlook, former, English": f"{NEW}\n\n-----Original Message-----\nFrom: S\nSent: Fri\nTo: A\n\n{OLD}\n",
	"Thunderbird, Spanish": f"{NEW}\n\nEl 27/11/26 a las 9:15, Soporte escribió:\n> {OLD}\n",
	"below the quote": f"El 27/11/26 a las 9:15, Soporte escribió:\n> {OLD}\n\n{NEW}\n",
	"without a mark": f"{NEW}\n\nEl 27/11/26 a las 9:15, Soporte <s@example.com> escribió:\n\n{OLD}\n",
}

_HEADS = "<b>De:</b> Soporte<br><b>Enviado:</b> viernes<br><b>Para:</b> Ana<br><b>Asunto:</b> x"
_HEADS_EN = "<b>From:</b> Support<br><b>Sent:</b> Friday<br><b>To:</b> Ana<br><b>Subject:</b> x"
PAGES = {
	"Gmail": (
		f'<div dir="ltr">{NEW}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">El '
		f"vie, 27 nov"
		' 2026 a las 9:15, Soporte (&lt;<a href="mailto:s@e.com">s@e.com</a>&gt;) escribió:<br></div>'
		f'<blockquote class="gmail_quote"><p>{OLD}</p></blockquote></div>'
	),
	"Outlook, Spanish": (
		f'<div><p class="MsoNormal">{NEW}</p><div style="border:none;border-top:solid #E1E1E1 '
		f"1.0pt;padding:3.0pt 0cm"
		f' 0cm 0cm"><p>{_HEADS}</p></div><p>{OLD}</p></div>'
	),
	"Outlook, English": f"<div><p>{NEW}</p><div><p>{_HEADS_EN}</p></div><p>{OLD}</p></div>",
	"Outlook on the web": (
		f'<div>{NEW}</div><div id="appendonsend"></div><hr><div '
		f'id="divRplyFwdMsg">{_HEADS}</div><div>{OLD}</div>'
	),
	"Apple": (
		f'<div>{NEW}<br><blockquote type="cite"><div>El 27 nov 2026, a las 9:15, S &lt;s@e.com&gt; '
		f"escribió:</div>"
		f"<br><div>{OLD}</div></blockquote></div>"
	),
	"Thunderbird": (
		f'<p>{NEW}</p><div class="moz-cite-prefix">El 27/11/26 a las 9:15, Soporte escribió:<br></div>'
		f'<blockquote type="cite"><p>{OLD}</p></blockquote>'
	),
}


def check(html: str) -> None:
	new, quoted = split_quoted(html)
	assert " ".join(strip_tags(new).split()) == NEW
	assert OLD in " ".join(strip_tags(quoted).split())
	assert NEW not in strip_tags(quoted)


@pytest.mark.parametrize("program", TEXTS)
def test_what_a_text_quotes_is_folded(program):
	check(text_to_html(TEXTS[program]))


@pytest.mark.parametrize("program", PAGES)
def test_what_a_page_quotes_is_folded(program):
	check(clean_html(PAGES[program]))


@pytest.mark.parametrize(
	"html",
	[
		"",
		"<p>Hola</p>",
		text_to_html("De: donde vengo\nnada. El otro día mi jefe escribió:\nque no"),
		text_to_html("Para: todos\nAsunto: varios"),
		# Passed on without a word.
		text_to_html("---------- Forwarded message ---------\nFrom: Ana\nDate: hoy\nTo: s\n\nNo enciende"),
		text_to_html("> ¿Qué modelo?\nA-20\n> ¿Desde cuándo?\nAyer"),
		"<blockquote>Todo es una cita</blockquote>",
	],
)
def test_what_quotes_nothing_stays_whole(html):
	assert split_quoted(html) == (html, "")


def test_a_long_message_is_split():
	text = "\n".join(f"línea {number}" for number in range(5_000))
	new, quoted = split_quoted(text_to_html(f"{text}\n\nEl 27/11/26 a las 9:15, S escribió:\n> {OLD}"))
	assert "línea 4999" in new and OLD in quoted
