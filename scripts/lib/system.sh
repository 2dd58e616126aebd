# What the machine itself must have. Only packages without a service of their own are installed, so that
# nothing starts that this bench does not start: Redis comes as redis-tools, MariaDB as its core package.

install_system_packages() {
	local missing=() wanted=()
	find_missing
	if ((${#missing[@]} + ${#wanted[@]} == 0)); then
		printf '▸ System packages … already there\n'
		return
	fi
	command -v apt-get >/dev/null ||
		fail "This machine has no apt-get. Install what these Debian packages hold: ${missing[*]} ${wanted[*]}"
	local as_root=()
	if ((EUID != 0)); then
		as_root=(sudo)
		if ! sudo -n true 2>/dev/null && ! { [[ -t 0 ]] && sudo -v; }; then
			((${#missing[@]})) || return 0
			fail "Packages are missing and sudo is not available. Ask for: apt-get install ${missing[*]} ${wanted[*]}"
		fi
	fi
	step packages "System packages: ${missing[*]} ${wanted[*]}" apt_install
	missing=()
	find_missing
	((${#missing[@]} == 0)) || fail "Still missing after the installation: ${missing[*]}"
}

# Fills `missing` (nothing works without) and `wanted` (PDF files and browser tests need it, and not every
# distribution has it).
find_missing() {
	local package
	need git git
	need gcc build-essential
	need pkg-config pkg-config
	need python3 python3
	python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
	need mariadbd mariadb-server-core
	need mariadb mariadb-client
	command -v redis-server >/dev/null || need redis-check-rdb redis-tools
	if command -v dpkg-query >/dev/null; then
		for package in ca-certificates python3-dev libmariadb-dev libffi-dev; do
			dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
		done
	fi
	command -v wkhtmltopdf >/dev/null || wanted+=(wkhtmltopdf)
	find_chromium >/dev/null || wanted+=(chromium-headless-shell)
}

need() {
	command -v "$1" >/dev/null || missing+=("$2")
}

# The one without a window first: it takes a third less of a processor for a page.
find_chromium() {
	command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}

apt_install() {
	local packages=() package
	"${as_root[@]}" apt-get update
	for package in "${missing[@]}"; do
		if [[ $package == mariadb-server-core ]] && ! can_install "$package"; then
			package=$(apt-cache search --names-only '^mariadb-server-core-[0-9.]+$' | cut -d' ' -f1 | sort -V | tail -n 1)
		fi
		packages+=("$package")
	done
	for package in "${wanted[@]}"; do
		[[ $package != chromium-headless-shell ]] || can_install "$package" || package=chromium
		if can_install "$package"; then
			packages+=("$package")
		else
			echo "$package: not in this distribution, going on without it"
		fi
	done
	((${#packages[@]})) || return 0
	# --no-remove: a MySQL server that is in the way is not ours to take away.
	"${as_root[@]}" dpkg --configure -a
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
		install -y --no-install-recommends --no-remove "${packages[@]}"
}

can_install() {
	[[ $(LC_ALL=C apt-cache policy "$1") == *"Candidate: "[0-9]* ]]
}
