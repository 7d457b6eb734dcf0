# Two commands are enough: `make run` starts the product, `make test` checks it. `make help` lists the rest.

SHELL := /bin/bash
# The first Python that runs and is new enough: a name on PATH may be a shim that does not start.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
FRONTEND_SOURCES := labeler/annotations/class_defaults.json $(shell find frontend/src frontend/public frontend/index.html -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run demo dev setup frontend test test-unit test-e2e check types format bench clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: setup frontend ## install what is missing, build, and start everything (Ctrl-C stops it)
	@exec $(PY) manage.py up

demo: setup frontend ## the product in var/demo with a labelled project of generated pictures (Ctrl-C stops it)
	@exec env -u DATABASE_URL -u REDIS_URL DATA_DIR="$${DEMO_DATA_DIR:-$(CURDIR)/var/demo}" $(PY) manage.py demo

setup: $(STAMPS)/python ## make .venv and install the pinned dependencies

frontend: frontend/dist/index.html ## build the browser application

$(STAMPS)/venv:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed; none on PATH runs. Set PYTHON to one."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: requirements.lock requirements-peers.lock $(STAMPS)/venv
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps -r requirements-peers.lock
	@touch $@

frontend/node_modules/.stamp: frontend/package.json frontend/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20 or newer with npm is needed; npm is not on PATH"; exit 1; }
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' || \
	  { echo "Node.js 20 or newer is needed; this is $$(node --version)"; exit 1; }
	cd frontend && npm ci --no-audit --no-fund
	@touch $@

frontend/dist/index.html: frontend/node_modules/.stamp frontend/vite.config.ts frontend/tsconfig.json $(FRONTEND_SOURCES)
	cd frontend && npm run build
	@touch $@

dev: setup frontend ## the product with debugging, plus the frontend's own live-reloading server on port 5173
	@trap 'kill 0' EXIT; (cd frontend && npm run dev) & DEBUG=1 $(PY) manage.py up

test: setup frontend browser ## everything: unit, API, contract, and end to end in a real headless Chromium
	cd frontend && npm test
	@$(PY) -m tests.run_all

test-unit: setup ## without browser and long runs
	$(PY) -m pytest --ignore=tests/e2e -m "not slow"

test-e2e: setup frontend browser ## the browser tests alone
	$(PY) -m pytest tests/e2e

.PHONY: browser
browser: setup ## find or install a Chromium for the end-to-end tests
	@$(PY) -m tests.e2e.browser

.PHONY: screens
screens: browser frontend ## take the pictures of docs/screens from generated images
	@$(PY) -m tests.e2e.screens docs/screens

.PHONY: docs
docs: setup ## build the documentation site into var/site
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build --strict --quiet && echo "var/site/index.html"

check: check-python check-frontend check-generated ## ruff, mypy, import-linter, Biome, tsc, stale generated types

.PHONY: check-python check-frontend check-generated
check-python: setup ## ruff, mypy, import-linter alone
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

check-frontend: frontend/node_modules/.stamp ## Biome and tsc alone
	cd frontend && npm run check

check-generated: setup frontend/node_modules/.stamp ## migrations and generated types alone
	$(PY) manage.py makemigrations --check --dry-run
	@$(MAKE) --no-print-directory types TYPES_FLAG=--check

types: setup frontend/node_modules/.stamp ## generate frontend/src/api/*.gen.ts from the API's schemas
	@mkdir -p var && $(PY) manage.py export_openapi var/openapi.json var/sign-in-openapi.json
	cd frontend && npm run --silent types -- ../var/openapi.json ../var/sign-in-openapi.json $(TYPES_FLAG)

frontend/bench/map/node_modules/.stamp: frontend/bench/map/package.json frontend/bench/map/package-lock.json
	cd frontend/bench/map && npm ci --no-audit --no-fund
	@touch $@

.PHONY: bench-map
bench-map: browser frontend frontend/bench/map/node_modules/.stamp ## measure the map beside deck.gl and PixiJS; prints JSON
	@$(PY) -m bench.map_bench $(if $(COUNTS),--counts $(COUNTS)) $(if $(RENDERERS),--renderers $(RENDERERS))

format: setup ## format Python and TypeScript
	$(VENV)/bin/ruff check --fix-only . && $(VENV)/bin/ruff format .
	cd frontend && npm run format

clean: ## remove what was built (not var/, which holds your data)
	rm -rf $(VENV) frontend/node_modules frontend/tools/types/node_modules frontend/dist .pytest_cache .mypy_cache .ruff_cache
