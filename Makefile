# Everything sets up what it needs: git, make and Python 3.11 or newer are enough.

PORT ?= 8000
# How many tests run at once.
WORKERS ?= 2

# An installed uv is used as it is; otherwise one is fetched into a private folder.
UV := $(shell uv --version >/dev/null 2>&1 && command -v uv || echo $(CURDIR)/.tools/uv/bin/uv)
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadgroup
# What only reads the code must not make or need an installation's folder under ./var.
CHECKED := PORTICO_HOME=$(CURDIR)/.tools/home

# The environment is .venv, whatever else is active.
unexport VIRTUAL_ENV UV_PROJECT_ENVIRONMENT

LOCK := pyproject.toml uv.lock .python-version scripts/hatch_build.py
CATALOGS := $(patsubst %.po,%.mo,$(wildcard src/portico/locale/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo demo-reset setup browser check test test-fast test-sqlite test-postgresql bench bench-quick screenshots messages faults

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

demo: .venv/synced-run $(CATALOGS) ## Start Portico with a demo business on http://localhost:8000 (PORT=… for another port)
	@exec $(BIN)/portico demo --port $(PORT)

demo-reset: ## Drop the demo's data under ./var
	rm -rf var

setup: .venv/synced-dev $(CATALOGS) ## Install everything development needs; leaves .venv/bin/portico

check: setup ## Lint, types, layers, migrations, catalogs and project rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(CHECKED) $(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(CHECKED) $(BIN)/portico manage makemigrations --check --dry-run
	$(BIN)/pytest -q tests/rules --ignore tests/rules/test_strangers.py --ignore tests/rules/test_gates.py

test: check ## All that CI runs: the checks, then the whole suite on SQLite and on PostgreSQL, in a real browser too
	@$(MAKE) --no-print-directory test-sqlite
	@echo "The checks and the suite on SQLite passed."
	@$(MAKE) --no-print-directory test-postgresql

test-fast: setup ## The suite on SQLite, without the browser
	$(PYTEST) -q --database sqlite -m "not browser"

test-sqlite: setup browser ## The whole suite on SQLite
	PORTICO_TEST_BROWSER="$$(cat .tools/browser)" $(PYTEST) --database sqlite

test-postgresql: setup browser ## The whole suite on a private PostgreSQL
	PORTICO_TEST_BROWSER="$$(cat .tools/browser)" $(PYTEST) --database postgresql

browser: setup ## Find or install the Chromium that the tests drive
	@mkdir -p .tools
	@$(BIN)/python scripts/find_browser.py > .tools/browser
	@echo "The tests drive $$(cat .tools/browser)."

# How many faults on each database, and in which order.
FAULTS ?= 1000
SEED ?= 1

faults: setup ## Kill, starve and lie to a server that is paid through: a thousand faults on each database (two hours)
	$(BIN)/python -m tests.faults --database sqlite --faults $(FAULTS) --seed $(SEED)
	$(BIN)/python -m tests.faults --database postgresql --faults $(FAULTS) --seed $(SEED)

bench: setup ## Measure the pages, PDFs and exports beside their floors (ten minutes)
	$(BIN)/python -m benchmarks

bench-quick: setup ## The same, shorter (one minute)
	$(BIN)/python -m benchmarks --quick

screenshots: setup browser ## Take pictures of the main pages into ./screenshots
	PORTICO_TEST_BROWSER="$$(cat .tools/browser)" $(BIN)/python scripts/screenshots.py

messages: setup ## Gather the texts of the sources into the message catalogs, for translation
	$(BIN)/python scripts/messages.py

$(CURDIR)/.tools/uv/bin/uv:
	@echo "There is no uv here: fetching one into .tools/uv."
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --upgrade --target .tools/uv uv
	@touch $@

# Running needs no development tools, but never removes those already there.
.venv/synced-run: $(LOCK) | $(UV)
	$(UV) sync --locked --no-dev --inexact
	@touch $@

.venv/synced-dev: $(LOCK) | $(UV)
	$(UV) sync --locked
	@touch .venv/synced-run $@

%.mo: %.po | .venv/synced-run
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
