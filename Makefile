# Both main targets do all of their own set-up from a fresh clone with only Python 3.11 or later.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint format lock clean

demo: $(READY)  ## the whole pipeline on the sample county web, into demo/
	$(BIN)/jianbao demo --out demo

test: $(READY)  ## every test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(READY) build/typing  ## what .ci/run checks beside the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
	# The lock is complete. Without --no-deps older releases of pip trip over extras that are spelled in two ways.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# The type checker does not read setuptools' package-dir: it is shown the rooms as one package.
build/typing:
	mkdir -p $@/jianbao
	for room in crawler desk index site; do ln -sfn ../../../$$room $@/jianbao/$$room; done

lock:  ## renew requirements.lock from the ranges in pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --output-file requirements.lock

clean:
	rm -rf $(VENV) build demo *.egg-info
