"""A POP3 server of the tests, as much of it as the framework asks (RFC 1939)."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class PopServer(socketserver.ThreadingTCPServer):
	"""messages: what the box holds. What is deleted goes when the client says goodbye, and not before."""

	daemon_threads = allow_reuse_address = True

	def __init__(self, messages: list[bytes]):
		super().__init__(("127.0.0.1", 0), _Session)
		self.messages = messages
		self.port = self.server_address[1]


class _Session(socketserver.StreamRequestHandler):
	def handle(self) -> None:
		held, deleted = list(self.server.messages), set()
		self._say("+OK")
		for line in self.rfile:
			command, _space, argument = line.decode().strip().partition(" ")
			match command.upper():
				case "USER" | "PASS" | "NOOP":
					self._say("+OK")
				case "STAT":
					self._say(f"+OK {len(held)} {sum(map(len, held))}")
				case "LIST":
					sizes = (f"{number} {len(raw)}" for number, raw in enumerate(held, start=1))
					self._say("+OK", *sizes, ".")
				case "RETR":
					lines = held[int(argument) - 1].splitlines()
					self.wfile.write(b"+OK\r\n")
					for each in lines:
						self.wfile.write((b"." if each.startswith(b".") else b"") + each + b"\r\n")
					self._say(".")
				case "DELE":
					deleted.add(int(argument) - 1)
					self._say("+OK")
				case "QUIT":
					kept = [raw for number, raw in enumerate(held) if number not in deleted]
					self.server.messages[:] = kept
					self._say("+OK")
					return
				case _:
					self._say("-ERR")

	def _say(self, *lines: str) -> None:
		self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def open_pop_server(*messages: bytes) -> Iterator[PopServer]:
	"""A server that runs inside of the context."""
	with PopServer(list(messages)) as server:
		thread = threading.Thread(target=server.serve_forever, daemon=True)
		thread.start()
		try:
			yield server
		finally:
			server.shutdown()
			thread.join()
