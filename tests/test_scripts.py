"""What the scripts write for the programs that they start."""

import subprocess
from configparser import ConfigParser
from pathlib import Path

SERVICES = Path(__file__).parents[1] / "scripts" / "lib" / "services.sh"


def test_a_program_comes_back_however_it_has_ended():
	"""A worker of RQ that has lost its Redis ends with 0: taken for the end of its work, no job would run
	again."""
	script = f'set -u; LOGS=/tmp; . "{SERVICES}"; program worker /tmp 30 "bench worker"'
	written = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
	config = ConfigParser(interpolation=None)
	config.read_string(written)
	assert config["program:worker"]["autorestart"] == "true"
	assert int(config["program:worker"]["startretries"]) >= 10
