# The bench's own MariaDB and Redis, and the programs of its site, under one supervisord of its own.

DATA_SERVICES=(mariadb redis-cache redis-queue)
SITE_SERVICES=(web socketio worker worker-long scheduler)

control() {
	"$STATE/bin/supervisorctl" -c "$STATE/run/supervisord.conf" "$@"
}

running() {
	supervisor_pid >/dev/null && control status "$@" >/dev/null 2>&1
}

supervisor_pid() {
	local pid
	pid=$(cat "$STATE/run/supervisord.pid" 2>/dev/null) || return 1
	tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -F -- "$STATE/run/supervisord.conf" >/dev/null || return 1
	echo "$pid"
}

# Also finds what a killed supervisord left: its processes carry the bench's folder in their environment.
service_pids() {
	local file
	# shellcheck disable=SC2013
	for file in $(grep -lzsxF -- "CRONUS_SERVICES=$CRONUS_BENCH" /proc/[0-9]*/environ); do
		file=${file%/environ}
		echo "${file##*/}"
	done
}

stop_services() {
	local pid deadline=$((SECONDS + 60))
	if pid=$(supervisor_pid); then
		kill -TERM "$pid"
	fi
	while supervisor_pid >/dev/null || [[ -n $(service_pids) ]]; do
		if ((SECONDS > deadline)); then
			# shellcheck disable=SC2046
			kill -KILL $(service_pids) || true
		fi
		sleep 0.2
	done
}

# For a command that needs the services only while it runs: it leaves them as it found them.
stop_services_at_exit() {
	running "${DATA_SERVICES[@]}" || trap stop_services EXIT
}

start_data_services() {
	load_ports
	if running "${DATA_SERVICES[@]}" && [[ $(supervisor_config) == "$(<"$STATE/run/supervisord.conf")" ]]; then
		printf '▸ MariaDB and Redis … already there\n'
		return
	fi
	stop_services
	lock_ports
	choose_data_ports
	choose_site_ports
	write_data_config
	once 1 database "MariaDB's files" make_database
	step services "MariaDB and Redis" start_supervisor
	unlock_ports
}

# A port is free until somebody listens on it: of the benches of this machine, of whichever user, one at a time
# looks for ports and starts what listens on them.
lock_ports() {
	exec 8</tmp
	flock 8
}

unlock_ports() {
	exec 8<&-
}

# start_site_services CODE: restarts them when they run other code than this
start_site_services() {
	lock_ports
	if ! running web socketio || [[ ${CRONUS_PORT:-$ASKED_PORT} != "$ASKED_PORT" ]]; then
		control stop "${SITE_SERVICES[@]}" >/dev/null
		choose_site_ports
		supervisor_config >"$STATE/run/supervisord.conf"
		control update >/dev/null
	fi
	if running "${SITE_SERVICES[@]}" && is_done running-code "$1"; then
		printf '▸ Web server, workers, scheduler and realtime … already there\n'
		unlock_ports
		return
	fi
	step start "Web server, workers, scheduler and realtime" restart_site_services
	unlock_ports
	mark_done running-code "$1"
	if [[ -n $ASKED_PORT && $ASKED_PORT != "$WEB_PORT" ]]; then
		printf '  Port %s is in use by something else; port %s is used instead.\n' "$ASKED_PORT" "$WEB_PORT"
	fi
}

restart_site_services() {
	control stop "${SITE_SERVICES[@]}"
	# For links that no request gives a host to: in mails and PDF files.
	set_config "$DEMO_SITE/site_config.json" "host_name=http://localhost:$WEB_PORT"
	control start "${SITE_SERVICES[@]}"
	wait_until 120 "$STATE/cli/bin/python" "$STATE/source/scripts/lib/ping.py" "http://localhost:$WEB_PORT/api/method/ping"
}

start_supervisor() {
	supervisor_config >"$STATE/run/supervisord.conf"
	# 8 and 9 are locks, which must not live as long as the services.
	CRONUS_SERVICES=$CRONUS_BENCH "$STATE/bin/supervisord" -c "$STATE/run/supervisord.conf" 8<&- 9<&-
	wait_until 20 control pid
	# Not left trying: a port that is another's now would be taken for ours when the services are asked for again.
	control start "${DATA_SERVICES[@]}" || {
		stop_services
		return 1
	}
	wait_until 60 mariadb -e 'select 1'
	wait_until 30 redis_answers "$CACHE_PORT"
	wait_until 30 redis_answers "$QUEUE_PORT"
}

redis_answers() {
	[[ $(ask_redis "$1" ping) == PONG ]]
}

# ask_redis PORT COMMAND…
ask_redis() {
	REDISCLI_AUTH=$(secret redis) redis-cli -h 127.0.0.1 -p "$@"
}

# Jobs that no worker took, of former runs: the framework refuses more than some hundreds.
empty_queue() {
	running worker || ask_redis "$QUEUE_PORT" flushall
}

# wait_until SECONDS COMMAND…
wait_until() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		((SECONDS < deadline)) || return 1
		sleep 0.3
	done
}

# The ports of the last time where they are still free, else the usual ones of a bench, else the next ones.
choose_data_ports() {
	read -r DB_PORT CACHE_PORT QUEUE_PORT < <(free_ports "$DB_PORT" "$CACHE_PORT" "$QUEUE_PORT")
}

choose_site_ports() {
	read -r WEB_PORT SOCKETIO_PORT < <(free_ports "${CRONUS_PORT:-$WEB_PORT}" "$SOCKETIO_PORT")
	ASKED_PORT=${CRONUS_PORT:-}
	declare -p DB_PORT CACHE_PORT QUEUE_PORT WEB_PORT SOCKETIO_PORT ASKED_PORT | sed 's/^declare -- //' >"$STATE/ports"
	write_site_config
}

load_ports() {
	DB_PORT=13306 CACHE_PORT=13000 QUEUE_PORT=11000 WEB_PORT=8000 SOCKETIO_PORT=9000 ASKED_PORT=
	# shellcheck source=/dev/null
	[[ ! -f $STATE/ports ]] || . "$STATE/ports"
}

free_ports() {
	"$STATE/cli/bin/python" "$STATE/source/scripts/lib/free_ports.py" "$@"
}

# secret NAME: a password of this bench, made when it is first asked for.
secret() {
	local file=$STATE/secrets/$1
	if [[ ! -s $file ]]; then
		od -An -N 8 -tx1 /dev/urandom | tr -d ' \n' >"$file.new"
		mv "$file.new" "$file"
	fi
	cat "$file"
}

write_site_config() {
	local redis
	redis=redis://:$(secret redis)@127.0.0.1
	set_config common_site_config.json db_host=127.0.0.1 "db_port:=$DB_PORT" "db_socket=$STATE/run/mariadb.sock" \
		"root_password=$(secret database)" \
		"redis_cache=$redis:$CACHE_PORT" "redis_queue=$redis:$QUEUE_PORT" "redis_socketio=$redis:$CACHE_PORT" \
		"webserver_port:=$WEB_PORT" "socketio_port:=$SOCKETIO_PORT" \
		"default_site=$DEMO_SITE" "admin_password=$(secret administrator)"
}

# set_config FILE KEY=STRING KEY:=JSON …: below the bench's folder sites
set_config() {
	local file=$CRONUS_BENCH/sites/$1
	shift
	"$STATE/cli/bin/python" "$STATE/source/scripts/lib/set_config.py" "$file" "$@"
}

make_database() {
	rm -rf "$STATE"/mariadb/{data,data.new}
	mariadb-install-db --defaults-file="$STATE/mariadb/my.cnf" --datadir="$STATE/mariadb/data.new" \
		--auth-root-authentication-method=normal --skip-test-db --skip-name-resolve
	mv "$STATE/mariadb/data.new" "$STATE/mariadb/data"
}

write_data_config() {
	local name memory
	mkdir -p "$STATE"/{mariadb,redis-cache,redis-queue}
	memory=$(memory_in_mib)

	cat >"$STATE/mariadb/my.cnf" <<-EOF
		[client]
		host = 127.0.0.1
		port = $DB_PORT
		user = root
		password = $(secret database)
		default-character-set = utf8mb4

		[mariadbd]
		datadir = $STATE/mariadb/data
		socket = $STATE/run/mariadb.sock
		pid-file = $STATE/run/mariadb.pid
		init-file = $STATE/mariadb/root.sql
		bind-address = 127.0.0.1
		port = $DB_PORT
		skip-name-resolve
		character-set-server = utf8mb4
		collation-server = utf8mb4_unicode_ci
		skip-character-set-client-handshake
		innodb-buffer-pool-size = $((memory / 4))M
		max-allowed-packet = 256M
		skip-log-bin
	EOF
	# Run at each start before the first connection is let in: root never has an empty password.
	cat >"$STATE/mariadb/root.sql" <<-EOF
		ALTER USER 'root'@'localhost' IDENTIFIED BY '$(secret database)';
		CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
		ALTER USER 'root'@'127.0.0.1' IDENTIFIED BY '$(secret database)';
		GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
	EOF
	for name in cache queue; do
		cat >"$STATE/redis-$name/redis.conf" <<-EOF
			bind 127.0.0.1
			port $([[ $name == cache ]] && echo "$CACHE_PORT" || echo "$QUEUE_PORT")
			requirepass $(secret redis)
			dir $STATE/redis-$name
		EOF
	done
	cat >>"$STATE/redis-cache/redis.conf" <<-EOF
		save ""
		appendonly no
		maxmemory $((memory / 20))mb
		maxmemory-policy allkeys-lru
	EOF
}

# What the machine has, or the container may use of it.
memory_in_mib() {
	local total limit
	total=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
	limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || echo max)
	if [[ $limit != max ]] && ((limit / 1048576 < total)); then
		total=$((limit / 1048576))
	fi
	echo "$((total < 512 ? 512 : total))"
}

supervisor_config() {
	local env=$CRONUS_BENCH/env/bin sites=$CRONUS_BENCH/sites
	local frappe="$env/python -m frappe.utils.bench_helper frappe"
	cat <<-EOF
		[supervisord]
		umask=077
		pidfile=$STATE/run/supervisord.pid
		logfile=$LOGS/supervisord.log
		logfile_maxbytes=5MB
		logfile_backups=1

		[unix_http_server]
		file=$STATE/run/control.sock
		chmod=0700

		[rpcinterface:supervisor]
		supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

		[supervisorctl]
		serverurl=unix://$STATE/run/control.sock
	EOF
	program mariadb "$STATE" 60 "mariadbd --defaults-file=$STATE/mariadb/my.cnf"
	program redis-cache "$STATE" 10 "$STATE/bin/redis-server $STATE/redis-cache/redis.conf"
	program redis-queue "$STATE" 10 "$STATE/bin/redis-server $STATE/redis-queue/redis.conf"
	# The desk looks for the realtime server on its own port only if the web server calls itself a
	# development server; otherwise it expects a reverse proxy in front of both.
	program web "$sites" 15 "$env/gunicorn --bind 127.0.0.1:$WEB_PORT --workers 2 --threads 4 \
		--timeout 120 --graceful-timeout 10 --preload --pythonpath $STATE/source/scripts/lib web:application"
	echo "environment=DEV_SERVER=\"1\""
	program socketio "$CRONUS_BENCH" 10 "node $CRONUS_BENCH/apps/frappe/socketio.js"
	program worker "$sites" 30 "$frappe worker --queue short,default"
	program worker-long "$sites" 30 "$frappe worker --queue long,default,short"
	program scheduler "$sites" 10 "$frappe schedule"
}

# program NAME FOLDER SECONDS-TO-STOP COMMAND
program() {
	# --pdeathsig: if supervisord is killed, the kernel stops what it started.
	cat <<-EOF

		[program:$1]
		command=setpriv --pdeathsig TERM $4
		directory=$2
		autostart=false
		# A worker of RQ ends with 0 when it has lost its Redis: it is to come back too.
		autorestart=true
		startretries=10
		stopwaitsecs=$3
		killasgroup=true
		redirect_stderr=true
		stdout_logfile=$LOGS/$1.log
		stdout_logfile_maxbytes=5MB
		stdout_logfile_backups=1
	EOF
}
