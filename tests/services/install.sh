#!/usr/bin/env bash
# Install the servers that tests of backends need, and start those that the tests do not start themselves.
#
# For Debian and Ubuntu, as root. What is installed or runs already is left alone. Nothing here needs systemd.
set -euo pipefail
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

declare -A packages=(
  [redis-server]=redis-server
  [nats-server]=nats-server
  [mariadbd]=mariadb-server-core
  [etcd]=etcd-server
  [mosquitto]=mosquitto
  [rabbitmq-server]=rabbitmq-server
  # A browser is not a server, but a test has one use a page.
  [chromium]=chromium
  [chromedriver]=chromium-driver
)
missing=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null || missing+=("${packages[$program]}")
done
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
    echo "Not installed: ${missing[*]}. As root, on Debian or Ubuntu, 'make services' installs them." >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null \
    || { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null; }
fi

listens() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

listens 1883 || mosquitto -d -p 1883
listens 5672 || rabbitmq-server -detached
for port in 1883 5672; do
  for _ in $(seq 120); do
    listens $port && break
    sleep 0.5
  done
  listens $port || { echo "Nothing listens at 127.0.0.1:$port after a minute" >&2; exit 1; }
done
