#!/usr/bin/env bash
# The main job of witkit, end to end, on this example. `make demo` runs it with everything installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

broken=$(mktemp -d)
trap 'rm -rf "$broken"' EXIT

step() { printf '\n== %s\n' "$*"; }
# Shows a command as the reader would type it, then runs it.
show() { printf '\n$ %s\n' "$*"; "$@"; }

backend=(${BACKEND:+--backend "key-value=$BACKEND"} ${URL:+--set "key-value.url=$URL"})
# A backend that does not exist, or whose server is away, is reported before anything is built.
if [ -n "${BACKEND:-}" ]; then
  witkit run --quiet "${backend[@]}" --invoke history app.py >/dev/null
fi

step 'The interface of the shop is a WIT package. Is it in order?'
show witkit check wit

step 'A copy with two mistakes in it: each is shown at its place, with a way out.'
cp -R wit "$broken/wit"
sed -i.bak 's/result<receipt, order-error>/result<reciept, order-error>/; s/import spiderlightning:keyvalue\/keyvalue@/import spiderlightning:keyvalue\/key-value@/' "$broken/wit/orders.wit"
rm "$broken/wit/orders.wit.bak"
if (cd "$broken" && show witkit check wit); then
  echo 'the mistakes were not found' >&2
  exit 1
fi

step 'Typed Python for the guest, which app.py implements, and for the host, which host.py uses.'
show witkit gen guest wit --world orders -o bindings
show witkit gen host wit --world orders -o .
show grep -A 6 'def place' orders/__init__.py

step 'The component, from the Python of the guest (the first build takes about ten seconds).'
show witkit build .

stores='a SQLite file'
if [ -n "${BACKEND:-}" ]; then
  stores="the backend $BACKEND"
fi
step "Run it. Its key-value store is $stores; a second run finds what the first one stored."
rm -rf .witkit
show witkit run "${backend[@]}" orders.wasm
show witkit run "${backend[@]}" orders.wasm

step 'The same from a program of its own, which implements the key-value interface as a Python class.'
show python host.py
