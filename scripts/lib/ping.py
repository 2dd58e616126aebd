"""Exit with 0 when the address answers with success, without any proxy."""

import sys
import urllib.error
import urllib.request


def main(url: str) -> int:
	opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
	try:
		with opener.open(url, timeout=10):
			return 0
	except (OSError, urllib.error.HTTPError) as error:
		print(error)
		return 1


if __name__ == "__main__":
	sys.exit(main(sys.argv[1]))
