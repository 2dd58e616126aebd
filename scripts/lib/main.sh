# Sourced first by every command: the settings, whose bench it is, and the way into it.

SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export FRAPPE_REPO=${FRAPPE_REPO:-https://github.com/frappe/frappe}
export FRAPPE_BRANCH=${FRAPPE_BRANCH:-version-15}
export CRONUS_LANG=${CRONUS_LANG:-es}

if ((EUID == 0)); then
	# What root's own PATH adds (a Python below /root, say) is of no use to another user.
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
else
	PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
fi

# shellcheck source=scripts/lib/steps.sh
. "$SOURCE/scripts/lib/steps.sh"
# shellcheck source=scripts/lib/system.sh
. "$SOURCE/scripts/lib/system.sh"
# shellcheck source=scripts/lib/services.sh
. "$SOURCE/scripts/lib/services.sh"
# shellcheck source=scripts/lib/bench.sh
. "$SOURCE/scripts/lib/bench.sh"

# bench refuses to run as root, and so does MariaDB: root's bench belongs to an unprivileged user.
find_bench() {
	BENCH_USER=$(id -un)
	local home=$HOME
	if ((EUID == 0)); then
		BENCH_USER=frappe
		home=$(home_of frappe)
	fi
	CRONUS_BENCH=$(realpath -m -- "${CRONUS_BENCH:-${home:-/home/frappe}/cronus-bench}")
	export CRONUS_BENCH
	STATE=$CRONUS_BENCH/.cronus
	LOGS=$STATE/logs
	if ((EUID == 0)) && [[ -d $STATE ]]; then
		BENCH_USER=$(stat -c %U "$STATE")
	fi
}

home_of() {
	getent passwd "$1" | cut -d: -f6 || true
}

# Ends the script that calls it and runs it again as the bench's user from a copy of the checkout in the
# bench: the unprivileged user cannot read root's checkout, and an edit during a long run does no harm.
# There it only sets the environment and returns.
enter_bench() {
	if [[ $SOURCE == "$STATE/source" ]]; then
		use_bench
		return
	fi
	check_settings
	LOGS=$(mktemp -d)
	trap 'rmdir --ignore-fail-on-non-empty "$LOGS"' EXIT
	install_system_packages
	if ((EUID == 0)) && ! id -u "$BENCH_USER" >/dev/null 2>&1; then
		step user "User $BENCH_USER" useradd --create-home --shell /bin/bash "$BENCH_USER"
	fi
	claim_bench
	lock_bench
	step copy "Copy of $SOURCE" copy_source
	rm -r "$LOGS"
	cd "$CRONUS_BENCH"
	exec "${as_user[@]}" bash "$STATE/source/scripts/${0##*/}" "$@"
}

check_settings() {
	[[ $CRONUS_LANG == es || $CRONUS_LANG == en ]] || fail "CRONUS_LANG is $CRONUS_LANG; it can be es or en."
	[[ ${CRONUS_PORT:-8000} =~ ^[1-9][0-9]{0,4}$ ]] || fail "CRONUS_PORT is not a port number: $CRONUS_PORT"
	((${CRONUS_PORT:-8000} <= 65535)) || fail "CRONUS_PORT is above 65535: $CRONUS_PORT"
	[[ $CRONUS_BENCH =~ ^[A-Za-z0-9/._+-]+$ ]] ||
		fail "CRONUS_BENCH may hold letters, digits and / . _ + - only, for bench's sake: $CRONUS_BENCH"
	[[ $CRONUS_BENCH/ != "$SOURCE"/* ]] || fail "CRONUS_BENCH cannot be inside the checkout: $CRONUS_BENCH"
	# The kernel allows 107 characters; supervisord adds a process id while it makes its socket.
	local longest=$STATE/run/control.sock.1234567
	((${#longest} <= 107)) || fail "CRONUS_BENCH is too long for the sockets below it: $CRONUS_BENCH"
}

claim_bench() {
	as_user=(env)
	if ((EUID == 0)); then
		local home
		home=$(home_of "$BENCH_USER")
		as_user=(runuser -u "$BENCH_USER" -- env
			-u PYTHONPATH -u PYTHONHOME -u VIRTUAL_ENV -u TMPDIR
			-u XDG_CACHE_HOME -u XDG_CONFIG_HOME -u XDG_DATA_HOME -u XDG_RUNTIME_DIR
			HOME="$home" USER="$BENCH_USER" LOGNAME="$BENCH_USER" SHELL=/bin/bash PATH="$PATH")
	fi
	if [[ ! -d $STATE ]]; then
		# An empty folder is what an interrupted start leaves; anything else is somebody's.
		[[ ! -e $CRONUS_BENCH || (-d $CRONUS_BENCH && -r $CRONUS_BENCH && -z $(ls -A "$CRONUS_BENCH")) ]] ||
			fail "$CRONUS_BENCH is there already, and is no bench of yours. Choose another folder by CRONUS_BENCH."
		if ((EUID == 0)); then
			install -d -m 700 -o "$BENCH_USER" -g "$(id -gn "$BENCH_USER")" "$CRONUS_BENCH"
		else
			install -d -m 700 "$CRONUS_BENCH"
		fi
	fi
	(cd / && "${as_user[@]}" mkdir -p "$STATE"/{done,logs,run,secrets} 2>/dev/null) ||
		fail "The user $BENCH_USER cannot write in $CRONUS_BENCH. Choose another folder by CRONUS_BENCH."
	# bench looks for other benches beside its own.
	(cd / && "${as_user[@]}" test -r "${CRONUS_BENCH%/*}/") ||
		fail "The user $BENCH_USER cannot read ${CRONUS_BENCH%/*}. Choose another folder by CRONUS_BENCH."
}

# Held until the last process that inherits it is gone: also by what an interrupted run left behind.
lock_bench() {
	exec 9<"$STATE"
	if ! flock --nonblock 9; then
		printf '▸ Another command works on %s; waiting for it to end …\n' "$CRONUS_BENCH"
		flock 9
	fi
}

copy_source() {
	list_source | tar -C "$SOURCE" --null --no-recursion -T - -cf - | (
		cd /
		# shellcheck disable=SC2016
		"${as_user[@]}" bash -euc 'rm -rf "$1.new"; mkdir "$1.new"; tar -C "$1.new" -xf -; rm -rf "$1"; mv "$1.new" "$1"' \
			copy "$STATE/source"
	)
}

# The tree as it is on disk, edits and new files included: what is tried is what is being worked on.
list_source() {
	cd "$SOURCE"
	if git ls-files >/dev/null 2>&1; then
		git ls-files -z --cached --others --exclude-standard | while IFS= read -rd '' path; do
			[[ ! -e $path && ! -L $path ]] || printf '%s\0' "$path"
		done
	else
		find . \( -name .git -o -name __pycache__ -o -name node_modules -o -name '*.egg-info' \) -prune -o \
			\( -type f -o -type l \) -print0
	fi
}

# The environment in which the bench's own programs work. Every cache goes into the bench's folder, so
# that the user's home stays as it is.
use_bench() {
	umask 077
	cd "$CRONUS_BENCH"
	export PATH=$STATE/bin:$PATH
	export XDG_CACHE_HOME=$STATE/cache
	export PIP_CACHE_DIR=$XDG_CACHE_HOME/pip UV_CACHE_DIR=$XDG_CACHE_HOME/uv
	export npm_config_cache=$XDG_CACHE_HOME/npm
	export YARN_CACHE_FOLDER=$XDG_CACHE_HOME/yarn YARN_PREFIX=$STATE/yarn
	export UV_PYTHON_INSTALL_DIR=$STATE/python
}

find_bench
