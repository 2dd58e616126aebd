"""Messages that are wrong in one way each, and such as are only unusual: {name: bytes}."""

import base64
import zlib
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

from tests.mails.build import make_id, make_mail

_PIXEL = base64.b64decode(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_ICS = (
	b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Visita\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def _raw(headers: str, body: bytes = b"Hola\r\n", message_id: bool = True) -> bytes:
	lines = [line for line in headers.strip().split("\n") if line]
	names = {line.split(":")[0].lower() for line in lines}
	if message_id:
		lines.append(f"Message-ID: <{make_id()}>")
	if "from" not in names:
		lines.append("From: rosa@example.org")
	return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def _part(kind: str, body: bytes | str, **headers: str) -> bytes:
	extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
	data = body.encode() if isinstance(body, str) else body
	return f"Content-Type: {kind}\r\n{extra}\r\n".encode() + data + b"\r\n"


def _mixed(*parts: bytes, kind: str = "mixed", end: bool = True) -> bytes:
	body = b"".join(b"--BB\r\n" + part for part in parts) + (b"--BB--\r\n" if end else b"")
	return _raw(f'Subject: Partes\nContent-Type: multipart/{kind}; boundary="BB"', body)


def _nested(depth: int) -> bytes:
	body = b"Content-Type: text/plain\r\n\r\nen el fondo\r\n"
	for level in range(depth):
		edge = f"L{level}".encode()
		body = (
			b'Content-Type: multipart/mixed; boundary="'
			+ edge
			+ b'"\r\n\r\n--'
			+ edge
			+ b"\r\n"
			+ body
			+ b"\r\n--"
			+ edge
			+ b"--\r\n"
		)
	return b"From: rosa@example.org\r\nSubject: Nido\r\nMessage-ID: <" + make_id().encode() + b">\r\n" + body


def _with_file(name: str, content: bytes = b"contenido") -> bytes:
	return _mixed(
		_part("text/plain", "Adjunto"),
		_part("application/octet-stream", content, Content_Disposition=f'attachment; filename="{name}"'),
	)


def _forwarded() -> bytes:
	outer = MIMEMultipart("mixed")
	outer["From"], outer["Subject"] = "rosa@example.org", "Fwd: x"
	outer["Message-ID"] = f"<{make_id()}>"
	outer.attach(MIMEText("Vea lo de abajo"))
	inner = EmailMessage()
	inner["From"], inner["Subject"] = "otro@example.net", "El primero"
	inner.set_content("Texto del primero")
	holder = EmailMessage()
	holder.set_content(inner)
	outer.attach(holder)
	return outer.as_bytes()


def _inline() -> bytes:
	return _mixed(
		_part("text/html", '<p>Mire</p><img src="cid:foto1">'),
		_part(
			"image/png",
			base64.b64encode(_PIXEL),
			Content_Transfer_Encoding="base64",
			Content_ID="<foto1>",
			Content_Disposition='inline; filename="foto.png"',
		),
		kind="related",
	)


def _headers() -> dict[str, bytes]:
	return {
		"no subject": _raw("To: s@example.com"),
		"empty subject": _raw("Subject:"),
		"huge subject": _raw(f"Subject: {'muy largo ' * 500}"),
		"subject with line breaks": _raw("Subject: =?utf-8?q?uno=0D=0ABcc:_x@example.com?="),
		"subject in raw bytes": _raw("X: y").replace(b"X: y", b"Subject: se\xf1or \xff\xfe"),
		"subject of an unknown charset": _raw("Subject: =?x-klingon?q?hola=FF?="),
		"subject in broken base64": _raw("Subject: =?utf-8?b?QUJ?="),
		"emoji": _raw("Subject: =?utf-8?b?8J+YgCDwn5Ko?=", "😀💨 no enciende".encode()),
		"right to left": _raw("Subject: \u202egnp.exe مرحبا", "مرحبا \u202e x".encode()),
		"script in the subject": _raw("Subject: <script>alert(1)</script> <b>x"),
		"template in the subject": _raw("Subject: {{ frappe.db }} {% for %} %s {0}"),
		"no From": _raw("Subject: x").replace(b"From: rosa@example.org", b"X-A: b"),
		"empty From": _raw("From:\nSubject: x"),
		"From without an address": _raw("From: Rosa sin correo\nSubject: x"),
		"several From": _raw("From: a@example.org, b@example.org\nFrom: c@example.org\nSubject: x"),
		"From with a script": _raw('From: "<script>alert(1)</script>" <rosa@example.org>\nSubject: x'),
		"From with a broken word": _raw("From: =?utf-8?b?QUJ?= <rosa@example.org>\nSubject: x"),
		"From of an unknown charset": _raw("From: =?x-none?b?QUJD?= <rosa@example.org>\nSubject: x"),
		"From with a long name": _raw(f'From: "{"Rosa " * 200}" <rosa@example.org>\nSubject: x'),
		"From with a long address": _raw(f"From: {'r' * 300}@example.org\nSubject: x"),
		"From with nested comments": _raw(f"From: {'(' * 200}rosa@example.org{')' * 200}\nSubject: x"),
		"group as From": _raw("From: grupo: a@example.org, b@example.org;\nSubject: x"),
		"many recipients": _raw("Subject: x\nTo: " + ", ".join(f"p{n}@example.net" for n in range(1_000))),
		"broken recipients": _raw("Subject: x\nTo: <<>>,,;@@\nCc: a@b@c, \u00f1@\u00f1"),
		"date in the future": _raw("Subject: x\nDate: Fri, 01 Jan 2100 00:00:00 +0000"),
		"date that is none": _raw("Subject: x\nDate: ayer por la tarde"),
		"date before all time": _raw("Subject: x\nDate: Mon, 01 Jan 0001 00:00:00 -9999"),
		"long Message-ID": _raw(f"Message-ID: <{'x' * 2000}@example.org>\nSubject: x", message_id=False),
		"Message-ID in raw bytes": _raw("Subject: x\nX: y", message_id=False).replace(
			b"X: y", b"Message-ID: <\xff\xfe" + make_id().encode() + b">"
		),
		"no Message-ID": _raw("Subject: sin identidad", b"unica " + make_id().encode(), message_id=False),
		"references without end": _raw("Subject: x\nReferences: " + "<a@b> " * 5_000),
		"references that are none": _raw("Subject: x\nIn-Reply-To: su mensaje de ayer\nReferences: <<>>"),
		"header without end": _raw("Subject: x\nX-Long: " + "y" * 200_000),
		"linking address": _raw("Subject: x\nTo: admin+User+Administrator@example.com"),
	}


def _bodies() -> dict[str, bytes]:
	return {
		"no body": _raw("Subject: x", b""),
		"nothing but a line": make_id().encode() + b"\r\n",
		"only HTML": _mixed(_part("text/html; charset=utf-8", "<p>S\u00f3lo <b>HTML</b></p>")),
		"unknown charset": _raw("Subject: x\nContent-Type: text/plain; charset=x-none", b"hola \xff"),
		"charset that is a codec": _raw(
			"Subject: x\nContent-Type: text/plain; charset=zlib", zlib.compress(b"a")
		),
		"wrong charset": _raw("Subject: x\nContent-Type: text/plain; charset=us-ascii", b"a\xf1o"),
		"broken base64": _raw("Subject: x\nContent-Transfer-Encoding: base64", b"QUJD=====*#\xff"),
		"unknown encoding": _raw("Subject: x\nContent-Transfer-Encoding: x-rot13", b"ubyn"),
		"NUL and control characters": _raw("Subject: a\x00b", b"uno\x00dos\x07\x1b[31m"),
		"five thousand lines": _raw("Subject: x", b"\r\n".join(b"linea %d" % n for n in range(5_000))),
		"a line of a million letters": _raw("Subject: x", b"a" * 1_000_000),
		"big HTML": _mixed(_part("text/html", "<p>" + "<b>x</b> y " * 60_000)),
		"tags in tags": _mixed(_part("text/html", "<div>" * 20_000 + "fondo")),
		"a line of a million digits": _raw("Subject: x", b"7" * 1_000_000 + b" wrote:"),
		"scripts that are not closed": _mixed(_part("text/html", "hola " + "<script" * 100_000)),
		"HTML that is none": _mixed(_part("text/html", "<![if !vml]><p <<a href='>x</ <!-- ]]> <!DOCTYPE")),
		"script in HTML": _mixed(_part("text/html", "<script>x()</script><img src=x onerror=x()>hola")),
		"template in the text": _raw("Subject: x", b"{{ frappe.session }} {% include 'x' %}"),
		"forty parts deep": _nested(40),
		"two thousand parts deep": _nested(2_000),
		"no closing boundary": _mixed(_part("text/plain", "abierto"), end=False),
		"no boundary": _raw("Subject: x\nContent-Type: multipart/mixed", b"--X\r\n\r\nhola\r\n"),
		"multipart without parts": _raw('Subject: x\nContent-Type: multipart/mixed; boundary="Q"', b""),
		"content type that is none": _raw("Subject: x\nContent-Type: ;;;/=?"),
		"message in a message": _forwarded(),
		"signed": _mixed(
			_part("text/plain", "Firmado"), _part("application/pkcs7-signature; name=smime.p7s", b"\x30\x80")
		),
		"encrypted": _raw(
			"Subject: x\nContent-Type: application/pkcs7-mime; name=smime.p7m", b"\x30\x80\x06"
		),
	}


def _files() -> dict[str, bytes]:
	names = {
		"folders": "../../../etc/passwd",
		"Windows folders": "C:\\\\temp\\\\a.txt",
		"only dots": "...",
		"very long": "n" * 400 + ".pdf",
		"script": "<img src=x onerror=alert(1)>.png",
		"right to left": "factura\u202efdp.exe",
		"NUL": "a\x00b.txt",
		"percent": "a%2f..%2fb.txt",
		"page": "pagina.html",
		"of its own charset": "=?x-none?q?fact=FFura?=.pdf",
	}
	many = [
		_part("text/plain", f"c{n}", Content_Disposition=f"attachment; filename=f{n}.txt") for n in range(70)
	]
	return {
		**{f"file name: {kind}": _with_file(name) for kind, name in names.items()},
		"broken file name of RFC 2231": _mixed(
			_part("application/pdf", b"x", Content_Disposition="attachment; filename*=x-none'%%'%FF%ZZ")
		),
		"winmail.dat": _mixed(
			_part("text/plain", "x"), _part("application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22")
		),
		"picture in the text": _inline(),
		"picture that is none": _mixed(_part("image/png; name=foto.png", b"no soy una foto")),
		"invitation": _mixed(
			_part("text/plain", "Visita"), _part("text/calendar; method=REQUEST", _ICS), kind="alternative"
		),
		"seventy files": _mixed(_part("text/plain", "muchos"), *many),
		"empty file": _with_file("vacio.txt", b""),
		"only a file": _with_file("solo.pdf", b"%PDF-1.4"),
		"the same file twice": _mixed(
			*[_part("text/plain", "x", Content_Disposition="attachment; filename=a.txt")] * 2
		),
	}


def build_nasty_mails() -> dict[str, bytes]:
	"""Each with a Message-ID of its own, but for those whose matter that is."""
	twice = make_mail(subject="dos veces")
	other = make_mail(
		subject="otra cosa", message_id=twice.split(b"Message-ID: <")[1].split(b">")[0].decode()
	)
	return {
		**_headers(),
		**_bodies(),
		**_files(),
		"twice, first": twice,
		"twice, again": twice,
		"twice, with another text": other,
	}
