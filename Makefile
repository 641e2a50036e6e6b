# `make` alone lists the targets. Python 3.11 or newer and make are all that a machine must have.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "hedui needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	@grep -A 40 '^uv==' requirements.lock | awk 'NR > 1 && /^[a-z]/ {exit} !/#/' > .venv/uv.lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.lock.txt
	$(BIN)/uv pip sync --system-certs --quiet --python .venv --require-hashes --compile-bytecode requirements.lock
	$(BIN)/uv pip install --system-certs --quiet --python .venv --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 pipelines
	@touch $@

setup: $(READY)  ## make .venv with everything that requirements.lock pins

refresh: $(READY)  ## read the articles, judge their claims, publish data/warehouse.duckdb
	$(BIN)/hedui refresh

services: $(READY)  ## answer as the official services do, on this machine, to try the live way (docs/official.md)
	$(BIN)/python -m tests.official.local_services

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -q -n auto -m "not slow"

test-slow: $(READY)  ## run the browser and crash tests too (Chromium from Debian)
	$(BIN)/python -m pytest -q -n auto -m slow

torture: $(READY)  ## kill 200 refreshes at random moments, with readers (ten minutes)
	HEDUI_KILLS=100 $(BIN)/python -m pytest -q -n 2 -rP -m slow tests/test_torture.py -k kills

test-clients: $(READY)  ## run the tests with other people's clients of the services, installed apart
	$(BIN)/uv pip install --system-certs --quiet --target .venv/clients --group clients
	PYTHONPATH=.venv/clients $(BIN)/python -m pytest -q tests/official -k client

lint: $(READY)  ## style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)  ## put the code in its format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY)  ## write docs/data-dictionary.md anew from the contracts
	$(BIN)/python -m pipelines.warehouse.dictionary

licences: $(READY)  ## write docs/licences.md anew: under which terms the pinned packages are
	(echo "# Licences of the packages in requirements.lock"; echo; echo "Made by \`make licences\`; hedui's own code is under the MIT licence."; echo; \
	  $(BIN)/uv tool run --system-certs pip-licenses --python $(BIN)/python --format=markdown --order=license --no-version --ignore-packages hedui) > docs/licences.md

audit: $(READY)  ## look the pinned packages up among known flaws (needs the network)
	$(BIN)/uv tool run --system-certs pip-audit --vulnerability-service osv --requirement requirements.lock --require-hashes --disable-pip

ui: $(READY)  ## open the Dagster UI with its daemon, which runs the daily schedule
	$(BIN)/hedui ui

lock: $(READY)  ## pin the newest allowed versions of all dependencies
	$(BIN)/uv pip compile --system-certs --quiet --universal --generate-hashes --no-header --no-strip-extras --upgrade --group dev --group build pyproject.toml -o requirements.lock

clean:  ## remove .venv and caches; data/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: help setup refresh services test test-slow test-clients torture lint format docs licences audit ui lock clean
.DEFAULT_GOAL := help
