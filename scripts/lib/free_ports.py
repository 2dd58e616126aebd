"""Print, for each port asked for, itself or the next one that nothing listens on."""

import errno
import socket
import sys


def main(wanted: list[int]) -> None:
	chosen: list[int] = []
	for port in wanted:
		while port in chosen or not is_free(port):
			port = port + 1 if port < 65535 else 1024
		chosen.append(port)
	print(*chosen)


def is_free(port: int) -> bool:
	"""Whether the port can be had on every address, as the realtime server and a browser's localhost need."""
	for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
		try:
			with socket.socket(family, socket.SOCK_STREAM) as candidate:
				candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
				if family == socket.AF_INET6:
					candidate.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
				candidate.bind((address, port))
		except OSError as error:
			if error.errno in (errno.EADDRINUSE, errno.EACCES):
				return False
			# Anything else is a machine without that address family.
	return True


if __name__ == "__main__":
	main([int(port) for port in sys.argv[1:]])
