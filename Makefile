# make        install into .venv, build and check the registry, print the summary
# make test   run every check of the project
# make bench  measure against rdflib and pySHACL, five runs of everything: an hour or more

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := ../shared/sources
TEXTS := $(if $(wildcard $(SOURCES)),--texts $(SOURCES))

.PHONY: all registry test bench clean

all: registry

registry: $(VENV)/installed
	$(BIN)/kg build $(TEXTS)
	$(BIN)/kg check $(TEXTS)

test: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q

bench: $(VENV)/installed
	$(BIN)/python -m tests.bench --runs 5 --slow-runs 5

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kg needs Python 3.11 or newer: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

clean:
	rm -rf $(VENV) build .build-*
