"""An IMAP server of the tests, in their process: what is put into its box is pulled by the site."""

import asyncio
import imaplib
import socket
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import frappe
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPService

USER, PASSWORD = "demouser", "demopass"


class ImapServer:
	"""port: on which it listens on this machine."""

	def __init__(self):
		with socket.socket() as probe:
			probe.bind(("127.0.0.1", 0))
			self.port = probe.getsockname()[1]
		self._ready = threading.Event()
		self._loop = asyncio.new_event_loop()
		# A message that it cannot read ends the connection, which the client sees. Writing down where, in one
		# of thousands of parts within each other, takes Python a minute.
		self._loop.set_exception_handler(lambda loop, context: None)
		self._tasks: set[asyncio.Task] = set()
		self._loop.set_task_factory(self._keep_task)
		self._thread = threading.Thread(
			target=self._loop.run_until_complete, args=(self._serve(),), daemon=True
		)

	def _keep_task(self, loop: asyncio.AbstractEventLoop, coroutine, **options) -> asyncio.Task:
		"""A loop does not hold its tasks: Python 3.14 throws away that of a connection that waits."""
		task = asyncio.Task(coroutine, loop=loop, **options)
		self._tasks.add(task)
		task.add_done_callback(self._tasks.discard)
		return task

	def start(self) -> None:
		self._thread.start()
		assert self._ready.wait(10), "the IMAP server does not start"

	def stop(self) -> None:
		self._loop.call_soon_threadsafe(self._over.set)
		self._thread.join(10)

	async def _serve(self) -> None:
		self._over = asyncio.Event()
		args = Namespace(
			host="127.0.0.1",
			port=self.port,
			debug=False,
			cert=None,
			key=None,
			tls=False,
			demo_data=False,
			demo_user=USER,
			demo_password=PASSWORD,
			proxy_protocol=None,
			inherited_sockets=None,
			passlib_cfg=None,
		)
		backend, config = await DictBackend.init(args, secure_auth=False)
		config.apply_context()
		async with AsyncExitStack() as stack:
			await backend.start(stack)
			await IMAPService(backend, config).start(stack)
			self._ready.set()
			await self._over.wait()

	def connect(self) -> imaplib.IMAP4:
		"""A client that has signed in and opened the box."""
		client = imaplib.IMAP4("127.0.0.1", self.port)
		client.login(USER, PASSWORD)
		client.select("INBOX")
		return client

	def put(self, *messages: bytes) -> None:
		"""Puts messages into the box, unread, as they are."""
		client = self.connect()
		for raw in messages:
			kind, answer = client.append("INBOX", None, imaplib.Time2Internaldate(time.time()), raw)
			assert kind == "OK", answer
		client.logout()

	def offer(self, raw: bytes) -> bool:
		"""Puts one message into the box. False for one that this server does not take."""
		try:
			self.put(raw)
		except (AssertionError, imaplib.IMAP4.error, OSError):
			return False
		return True

	def list_unread(self) -> list[bytes]:
		"""The numbers of the messages that are not marked as read."""
		client = self.connect()
		found = client.uid("search", None, "UNSEEN")[1][0].split()
		client.logout()
		return found


@contextmanager
def open_imap_server() -> Iterator[ImapServer]:
	"""A server that runs inside of the context."""
	server = ImapServer()
	server.start()
	try:
		yield server
	finally:
		server.stop()


def make_service_account(server: ImapServer, **fields):
	"""The account of the site that takes its messages from there to cases. Committed."""
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": frappe.generate_hash(length=10),
			"email_id": f"soporte-{frappe.generate_hash(length=6)}@example.com",
			"enable_incoming": 1,
			"use_imap": 1,
			"email_server": "127.0.0.1",
			"incoming_port": server.port,
			"login_id_is_different": 1,
			"login_id": USER,
			"password": PASSWORD,
			"email_sync_option": "UNSEEN",
			"initial_sync_count": "100",
			"imap_folder": [{"folder_name": "INBOX", "append_to": "Cronus Case"}],
			**fields,
		}
	).insert()
	frappe.db.commit()
	return account
