# What a person sees of the work: one line for each step, the end of the log when one fails.
# Needs LOGS, the folder for the logs.

fail() {
	printf '\n%s\n' "$*" >&2
	exit 1
}

# step NAME TITLE COMMAND…: runs it with its output in $LOGS/NAME.log
step() {
	local name=$1 title=$2 log=$LOGS/$1.log started=$SECONDS code
	shift 2
	printf '▸ %s … ' "$title"
	# Not `if ( … )`: inside a condition, bash would ignore the subshell's own set -e.
	set +e
	(
		set -e
		"$@"
	) </dev/null >"$log" 2>&1
	code=$?
	set -e
	if ((code != 0)); then
		printf 'failed (%s s)\n\n' "$((SECONDS - started))"
		tail -n 80 "$log" | sed 's/^/    /'
		fail "The whole log: $log"
	fi
	printf 'done (%s s)\n' "$((SECONDS - started))"
}

# once FINGERPRINT NAME TITLE COMMAND…: a step that is skipped when it was already done for this
# fingerprint. The mark is written after success only, so an interrupted step is done again.
once() {
	local fingerprint=$1 mark=$STATE/done/$2
	shift
	if is_done "$1" "$fingerprint"; then
		printf '▸ %s … already there\n' "$2"
		return
	fi
	rm -f "$mark"
	step "$@"
	mark_done "$1" "$fingerprint"
}

is_done() {
	[[ -f $STATE/done/$1 && $(<"$STATE/done/$1") == "$2" ]]
}

mark_done() {
	printf '%s\n' "$2" >"$STATE/done/$1.new"
	mv "$STATE/done/$1.new" "$STATE/done/$1"
}
