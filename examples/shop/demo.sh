#!/usr/bin/env bash
# The shop as two programs: a customer orders by HTTP, and the worker packs. `make demo-shop` runs this.
#
# BACKEND=real takes witkit.real.toml and the servers at SHOP_REDIS, SHOP_POSTGRESQL and SHOP_NATS. With BROKER=rabbitmq as
# well, messages go through the server at SHOP_RABBITMQ.
# FRONT and WORKER are the guests: app.py, or what `witkit build` makes of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

config=witkit.toml
options=()
case "${BACKEND:-}" in
  '') ;;
  real)
    config=witkit.real.toml
    export SHOP_NAME="${SHOP_NAME:-shop-demo}" SHOP_STREAM="${SHOP_STREAM:-shop-demo}"
    export SHOP_REDIS="${SHOP_REDIS:-redis://127.0.0.1:6379/0}" SHOP_NATS="${SHOP_NATS:-nats://127.0.0.1:4222}"
    export SHOP_POSTGRESQL="${SHOP_POSTGRESQL:-postgresql://postgres@127.0.0.1:5432/postgres}"
    ;;
  *) echo "BACKEND is \`$BACKEND\`: it may be \`real\`, or nothing" >&2; exit 2 ;;
esac
case "${BACKEND:-}/${BROKER:-}" in
  */ | real/nats) ;;
  real/rabbitmq)
    export SHOP_RABBITMQ="${SHOP_RABBITMQ:-amqp://guest:guest@127.0.0.1:5672/}"
    # shellcheck disable=SC2016  # witkit reads these references, so that no password is in a command line.
    options=(--backend messaging=rabbitmq --set 'messaging.url=${env:SHOP_RABBITMQ}' --set 'messaging.prefix=${env:SHOP_NAME}')
    ;;
  *) echo "BROKER is \`$BROKER\`: with BACKEND=real, it may be \`nats\` or \`rabbitmq\`" >&2; exit 2 ;;
esac

logs=$(mktemp -d)
programs=()
trap 'kill "${programs[@]}" 2>/dev/null || true; rm -rf "$logs"' EXIT

step() { printf '\n== %s\n' "$*"; }

# Starts a program that serves, and waits until it does.
start() {
  local name=$1
  shift
  printf '$ %s\n' "$*"
  : >"$logs/$name.err"
  "$@" >"$logs/$name.out" 2>"$logs/$name.err" &
  programs+=($!)
  until grep -q 'witkit: serving' "$logs/$name.err"; do
    kill -0 $! 2>/dev/null || { cat "$logs/$name.err" >&2; exit 1; }
    sleep 0.1
  done
  sed 's/^/  /' "$logs/$name.err"
}

# Ends a program in order, as a service manager does: 143 is the exit code for SIGTERM.
stop() {
  local code=0
  kill -TERM "$1"
  wait "$1" || code=$?
  [ $code = 143 ] || { echo "the exit code is $code" >&2; exit 1; }
}

step 'The worker packs what was ordered. From its first start on, orders are kept for it.'
start worker witkit serve "${WORKER:-worker/app.py}" -c "$config" ${options[@]+"${options[@]}"}

step 'The front answers requests.'
start front witkit serve "${FRONT:-front/app.py}" -c "$config" --address "${ADDRESS:-127.0.0.1:8080}" \
  ${options[@]+"${options[@]}"}
shop=$(sed -n 's/.*requests are answered at //p' "$logs/front.err")

step 'A customer orders, and waits until the order is packed.'
printf '$ python customer.py %s 2 tea\n' "$shop"
python customer.py "$shop" 2 tea

step 'SIGTERM ends both.'
for program in "${programs[@]}"; do stop "$program"; done
programs=()
cat "$logs/worker.out"
