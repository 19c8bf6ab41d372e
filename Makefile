# Every target documents itself: `make help`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test test-deps lint types check bench lock frontend messages screenshots clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The runtime environment: exactly the lock file, hashes checked, then this checkout in editable form.
$(VENV)/runtime.stamp: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: sudo apt-get install python3"; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "The Python module venv is missing: sudo apt-get install python3-venv"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/runtime.stamp ## a province on this machine: database, demonstration data, web, worker, sequencer (Ctrl-C stops)
	@$(BIN)/jianguan demo

test-deps: ## install the system packages the tests need (browser, pdfsig, fonts, gettext); asks for root
	@tools/test-deps

test: $(VENV)/dev.stamp ## all tests, with a real PostgreSQL and a real browser
	@tools/test-deps --check
	@$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/dev.stamp ## format, lint, floors of the house
	$(BIN)/ruff format --check src tests tools
	$(BIN)/ruff check src tests tools
	$(BIN)/lint-imports

types: $(VENV)/dev.stamp ## static types
	@set -a; . tests/test.env; DATABASE_URL=postgresql:/// $(BIN)/mypy

check: lint types test ## everything that must be green before a commit lands

bench: $(VENV)/dev.stamp ## speeds as ratios in one run (docs/benchmarks.md)
	@$(BIN)/jianguan bench $(ARGS)

lock: ## compile the lock files from pyproject.toml (no index or host lines)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

frontend: ## rebuild the committed scripts and styles (needs Node)
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

messages: $(VENV)/dev.stamp ## extract interface texts and compile the catalogues (needs GNU gettext)
	$(BIN)/python tools/messages.py

screenshots: $(VENV)/dev.stamp ## pictures for README, manuals and review, taken from a running demonstration
	$(BIN)/python tools/screenshots.py $(ARGS)

clean: ## remove the environment and everything the demonstration wrote
	rm -rf $(VENV) var
