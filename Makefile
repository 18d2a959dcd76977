# Every target sets up what it needs first; the second time that takes less than a second.
# PYTHON=python3.12 chooses another Python, PORT=8080 another port, TESTS=tests/domain some of the tests.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev serve chromium test test-postgres lint format types layers knowledge reference messages migrations check bench pictures lock clean

BIN := .venv/bin
PORT ?= 8000
TESTS ?= tests

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv with all that running Mesoplan needs
	@python=$$(sh scripts/find_python.sh) && "$$python" scripts/set_up.py

setup-dev: ## Make .venv with all that the tests and checks need too
	@python=$$(sh scripts/find_python.sh) && "$$python" scripts/set_up.py --dev

serve: setup ## Open a clinic with seven made-up patients in the browser (PORT=8000)
	@exec $(BIN)/mesoplan serve --demo --port $(PORT)

# Without Chromium the browser tests are skipped and say so; where CI is set, they must run.
chromium: ## Find Chromium for the browser tests, or install it
	@path=$$($(BIN)/python scripts/ensure_chromium.py) || test -z "$$CI"

test: setup-dev chromium ## Run the tests (TESTS=tests/domain for some of them)
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(TESTS)

# Only what asks the database; PostgreSQL comes as a development package and is gone afterwards.
test-postgres: setup-dev ## Run the clinic's tests on a PostgreSQL of their own
	@$(BIN)/python scripts/with_postgres.py $(BIN)/python -m pytest -n 2 -m "not browser" tests/clinic

lint: setup-dev ## Check style and layout of the code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: setup-dev ## Put style and layout right where a program can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: setup-dev ## Check the types
	@$(BIN)/mypy

layers: setup-dev ## Check that imports point down only
	@$(BIN)/lint-imports

knowledge: setup-dev ## Check that every clinical value is cited
	@$(BIN)/mesoplan knowledge check

reference: setup-dev ## Write docs/reference anew from the data and the code
	@$(BIN)/python -m scripts.make_reference

migrations: setup-dev ## Check that the models and their migrations agree
	@$(BIN)/python -m django makemigrations --check --dry-run --settings mesoplan.clinic.settings_for_tests

check: ## Run all of the above checks and the tests; say at the end which failed
	@failed=; for target in lint types layers knowledge migrations test; do \
		echo "== $$target"; $(MAKE) --no-print-directory $$target || failed="$$failed $$target"; \
	done; if [ -n "$$failed" ]; then echo "Failed:$$failed" >&2; exit 1; fi

bench: setup-dev ## Measure how fast it is and print the figures with the machine
	@for script in benchmarks/[a-z]*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

pictures: setup-dev chromium ## Take the pictures of the README from a demo clinic made for it
	@$(BIN)/python -m scripts.take_pictures

messages: setup-dev ## Bring the catalogs of the languages up to date with the code (APPS="shell audit" for some)
	@$(BIN)/python -m scripts.messages $(APPS)

lock: ## Write requirements/ anew from pyproject.toml (UPGRADE=1: newest versions)
	@python=$$(sh scripts/find_python.sh) && "$$python" scripts/lock.py $(if $(UPGRADE),--upgrade)

clean: ## Remove what was made here, but no clinic's data
	rm -rf .venv .venv.lock build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
