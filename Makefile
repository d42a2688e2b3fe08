# Everything below works in a fresh clone and needs only Python 3.11 or newer, make and git.
#   make demo      the way from a WIT package to a running component, on the example
#                  BACKEND=redis: with the orders in Redis on this machine, in another backend for key-value stores, or at URL=…
#   make demo-shop  a shop of two programs, which are called for requests and messages; BACKEND=real: on servers of this machine
#   make test      install what the tests need, and run them: walks through very many cases go to a sample of them, and
#                  some tests that take long are left out
#   make test-all  the same with all cases and all tests
#   make services  install and start the servers that tests of backends need (Debian and Ubuntu, as root)
#   make check     quick checks: style, types, floors
#   make bench     figures, compared with Python alone and with wasm-tools
#
# PYTHON=/path/to/python make …   chooses the interpreter that .venv is made from.

SHELL := /bin/bash
VENV := .venv
PYODIDE := 314.0.7
AZURITE_VERSION := 3.37.0
AZURITE := .cache/azurite-$(AZURITE_VERSION)
COMPONENTIZE_JS_VERSION := 0.23.0
COMPONENTIZE_JS := .cache/componentize-js-$(COMPONENTIZE_JS_VERSION)
BIN := $(VENV)/bin
PYTHON ?=

# More processes than processors: some tests always wait for a server or for the end of a time limit. CI runs heavier
# tests, which want more of a processor each.
PROCESSES := $(if $(CI),4,6)

# Tests of ten servers, of signals and of time limits share the processors of CI. One that fails runs once more, and
# the run prints why it failed at first.
RERUNS := $(if $(CI),--reruns 1)

# If the environment sets it, each of the hundreds of processes that tests start would compile its modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo demo-shop test test-all componentize-js services check bench clean
.DEFAULT_GOAL := demo

demo: $(if $(BACKEND),$(VENV)/.backends,$(VENV)/.guest)
	@PATH="$(CURDIR)/$(BIN):$$PATH" BACKEND="$(BACKEND)" URL="$(URL)" bash examples/orders/demo.sh

demo-shop: $(VENV)/.backends
	@PATH="$(CURDIR)/$(BIN):$$PATH" BACKEND="$(BACKEND)" BROKER="$(BROKER)" bash examples/shop/demo.sh

test: $(VENV)/.test $(VENV)/.pyodide-$(PYODIDE) $(COMPONENTIZE_JS)
	$(BIN)/python -m pytest -n $(PROCESSES) --dist loadgroup $(RERUNS) $(ARGS)

test-all: export WITKIT_WALKS := 1
test-all: test

componentize-js: $(COMPONENTIZE_JS)

services: $(AZURITE)
	bash tests/services/install.sh

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/examples -k types
	$(BIN)/lint-imports

bench: $(VENV)/.test
	$(BIN)/python benchmarks/cli.py
	$(BIN)/python benchmarks/authors.py
	$(BIN)/python benchmarks/wit.py
	$(BIN)/python benchmarks/front_end.py
	$(BIN)/python benchmarks/generating.py
	$(BIN)/python benchmarks/guest.py
	$(BIN)/python benchmarks/runtime.py --quick
	$(BIN)/python benchmarks/instances.py
	$(BIN)/python benchmarks/loading.py
	$(BIN)/python benchmarks/runtime_limits.py
	$(BIN)/python benchmarks/backends.py
	$(BIN)/python benchmarks/sql.py
	$(BIN)/python benchmarks/objects.py
	$(BIN)/python benchmarks/locking.py
	$(BIN)/python benchmarks/keyvalue.py
	$(BIN)/python benchmarks/keyvalue_component.py
	$(BIN)/python benchmarks/messaging.py
	$(BIN)/python benchmarks/scale.py
	$(BIN)/python benchmarks/http_requests.py

clean:
	rm -rf $(VENV)

# The stamps say what is installed: a second run installs nothing unless the dependencies changed.
$(VENV)/.guest: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[guest]'
	@touch $@

# The client libraries of all servers.
$(VENV)/.backends: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	@touch $@ $(VENV)/.guest

$(VENV)/.test: pyproject.toml | $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]' --group test
	@touch $@ $(VENV)/.guest

# CPython 3.14 for Node.js: what is generated is imported by it, if no other Python 3.14 is installed.
$(VENV)/.pyodide-$(PYODIDE): | $(VENV)/.made
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
	  echo 'Node.js with npm is not installed: tests of other versions of Python use what is installed'; exit 0; fi; \
	npm install --prefix $(VENV)/pyodide --no-audit --no-fund --ignore-scripts --loglevel=error pyodide@$(PYODIDE) \
	  && touch $@

# A server for Azure Blob Storage, which the tests start: 360 MB, kept where the tests keep what takes long to make.
$(AZURITE):
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
	  echo 'Node.js with npm is not installed: tests that need Azure are skipped'; exit 0; fi; \
	new=.cache/.azurite.$$$$; trap "rm -rf $$new" EXIT; \
	npm install --prefix $$new --no-audit --no-fund --ignore-scripts --loglevel=error azurite@$(AZURITE_VERSION) \
	  && { [ -e $@ ] || mv $$new $@; }

# Builds guests in JavaScript: 390 MB, kept where the tests keep what takes long to make.
$(COMPONENTIZE_JS):
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
	  echo 'Node.js with npm is not installed: tests of components in JavaScript are skipped'; exit 0; fi; \
	new=.cache/.componentize-js.$$$$; trap "rm -rf $$new" EXIT; \
	npm install --prefix $$new --no-audit --no-fund --ignore-scripts --loglevel=error \
	  @bytecodealliance/componentize-js@$(COMPONENTIZE_JS_VERSION) && { [ -e $@ ] || mv $$new $@; }

# A name on the path may be a shim that starts nothing: only what runs and is new enough counts.
$(VENV)/.made:
	@for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3 python; do \
	  "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  echo "making $(VENV) with $$("$$python" --version)"; \
	  "$$python" -m venv $(VENV) && touch $@ && exit 0; \
	done; \
	echo 'witkit needs Python 3.11 or newer with venv; none was found. Install one, or name it: PYTHON=/path/to/python make …' >&2; \
	exit 1
