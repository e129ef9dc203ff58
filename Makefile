# make              install into .venv, build and check the registry, print the summary
# make test         run every check of the project; TESTS="tests/test_cli.py" runs some of the tests
# make gates        run the slow gates: kills, full disks, the suite of W3C
# make lock         renew requirements.lock: the newest of everything that pyproject.toml allows
# make test-latest  run the tests on the newest of everything, in an environment of its own
# make bench        measure against rdflib and pySHACL, five runs of everything: an hour or more

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock
SUITE := $(VENV)/shacl-suite
SOURCES := ../shared/sources
TEXTS := $(if $(wildcard $(SOURCES)),--texts $(SOURCES))
TESTS :=
GATES := tests/gates
APT := $(if $(filter 0,$(shell id -u)),,sudo )apt
PIP_QUIETLY := -m pip --quiet --disable-pip-version-check --no-input

# What pip says is shown only where it fails, and then what to do about it.
define fetched
@log=$$(mktemp); if $(1) 2>$$log; then rm -f $$log; else \
  cat $$log >&2; \
  if grep -q "DO NOT MATCH THE HASHES" $$log; then \
    echo "make: what came is not the package that $(LOCK) names, so it was not installed." >&2; \
    echo "make: try again on another network; if it stays so, tell those who keep the project." >&2; \
  else \
    echo "make: the packages could not be had: connect to the network, or point pip to a mirror" >&2; \
    echo "make: (pip config set global.index-url ADDRESS), and run make again." >&2; \
  fi; rm -f $$log; exit 1; fi
endef

.NOTPARALLEL:
.PHONY: all registry test gates lock test-latest bench clean browser-possible browser
.DELETE_ON_ERROR:

all: registry

registry: $(VENV)/installed
	$(BIN)/kg build $(TEXTS)
	$(BIN)/kg check $(TEXTS)

# Whether there can be a browser is asked before anything is fetched or run.
test: browser-possible $(VENV)/installed browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q $(TESTS)

gates: $(VENV)/installed $(SUITE)/fetched
	$(BIN)/python -m pytest -q $(GATES)

bench: $(VENV)/installed
	$(BIN)/python -m tests.bench --runs 5 --slow-runs 5

browser-possible: $(BIN)/python
	@$(BIN)/python tests/browser/program.py possible

browser: $(VENV)/installed
	@$(BIN)/python tests/browser/program.py install

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "there is no $(PYTHON) here; on Debian and Ubuntu: $(APT) install python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kg needs Python 3.11 or newer; on Debian and Ubuntu: $(APT) install python3.11-venv && make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv is missing; on Debian and Ubuntu: $(APT) install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Wheels alone: building a package would fetch tools that no hash stands for. The project's own build tool is locked.
$(VENV)/installed: pyproject.toml $(LOCK) | $(BIN)/python
	$(call fetched,$(BIN)/python $(PIP_QUIETLY) install --only-binary :all: --require-hashes -r $(LOCK))
	@$(BIN)/python $(PIP_QUIETLY) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

# W3C's suite lies in the source archive of pySHACL, whose hash is in the lock too.
$(SUITE)/fetched: $(LOCK) | $(VENV)/installed
	@rm -rf $(SUITE) && mkdir $(SUITE)
	@sed -n '/^pyshacl==/,/[^\\]$$/p' $(LOCK) > $(SUITE)/requirements.txt
	$(call fetched,$(BIN)/python $(PIP_QUIETLY) download --no-deps --no-binary :all: --no-build-isolation \
	  --require-hashes -r $(SUITE)/requirements.txt -d $(SUITE))
	@touch $@

lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(call fetched,$(VENV)-lock/bin/python $(PIP_QUIETLY) install --upgrade uv)
	$(VENV)-lock/bin/uv pip compile --quiet --no-config --upgrade --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --all-extras --group dev \
	  --custom-compile-command "make lock" --output-file $(LOCK) pyproject.toml

test-latest: browser
	$(PYTHON) -m venv --clear $(VENV)-latest
	$(call fetched,$(VENV)-latest/bin/python $(PIP_QUIETLY) install --upgrade pip)
	$(call fetched,$(VENV)-latest/bin/python $(PIP_QUIETLY) install --upgrade --editable . --group dev)
	$(VENV)-latest/bin/python -m pytest -q $(TESTS)

clean:
	rm -rf $(VENV) $(VENV)-lock $(VENV)-latest build .build-*
