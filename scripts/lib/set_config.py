"""Set values in a JSON file that only its owner may read: FILE KEY=STRING KEY:=JSON …"""

import json
import os
import sys
from pathlib import Path


def main(file: Path, settings: list[str]) -> None:
	config = json.loads(file.read_text()) if file.exists() else {}
	for setting in settings:
		key, value = setting.split("=", 1)
		if key.endswith(":"):
			config[key[:-1]] = json.loads(value)
		else:
			config[key] = value
	# Replaced in one move: the running bench reads the file at any time.
	replacement = file.with_suffix(".new")
	replacement.touch(mode=0o600)
	replacement.write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
	os.replace(replacement, file)


if __name__ == "__main__":
	main(Path(sys.argv[1]), sys.argv[2:])
