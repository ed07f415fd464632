# Every target sets up what it needs; all that is asked of the machine is a Python of 3.11 or later with venv.
SHELL := /bin/bash
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
PYTHON ?= $(shell for p in $(PYTHONS); do "$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
BIN := .venv/bin
READY := .venv/.ready
# An account without a home of its own has nowhere to keep a cache.
UV := $(BIN)/python -m uv --quiet $(shell test -w "$$HOME" || echo --no-cache)
COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header $(UPGRADE)
PHRASES := $(patsubst %.po,%.mo,$(wildcard dialogs/locale/*/LC_MESSAGES/jiesu.po))
WORKERS ?= 2

.PHONY: run test check walk month bench docs fmt lock phrases setup clean
.DEFAULT_GOAL := setup

setup: $(READY) phrases

run: setup
	@exec $(BIN)/jiesu dev

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS)

# What the suite does in short, at length: 20,000 random steps of everybody.
walk: setup
	$(BIN)/python -m pytest -n $(WORKERS) --hypothesis-profile=walk tests/test_casework_walk.py

month: setup
	$(BIN)/python -m pytest -n 0 --hypothesis-profile=walk tests/test_month.py

bench: setup
	$(BIN)/python -m bench $(ARGS)

# What the pages have from the code, and the transcript of a real run; `make docs ARGS=pictures` takes those.
docs: setup
	$(BIN)/python -m docs $(ARGS)

fmt: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# `make lock` keeps the versions that are locked; `make lock UPGRADE=--upgrade` takes newer ones.
lock: $(READY)
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) requirements-uv.in -o requirements-uv.txt

phrases: $(PHRASES)

%.mo: %.po $(READY)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache $(PHRASES)

$(READY): requirements-uv.txt requirements.txt requirements-dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Jiesu needs Python 3.11 or later with its venv module (Debian: python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@$(UV) pip sync --require-hashes requirements-uv.txt requirements.txt requirements-dev.txt
	@$(UV) pip install --no-deps --editable .
	@touch $@
