# make demo   train, evaluate, export and draw; about eight minutes on two cores
# make test   lint, check types and run the tests
# make bench  measure speed

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: demo test bench lint clean

demo: $(VENV)/.train
	$(RUN) -m scripts.demo

test: lint
	$(RUN) -m pytest

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

bench: $(VENV)/.train
	$(RUN) -m scripts.bench --json out/bench.json

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "error: $(PYTHON) is older than 3.11; give another: make PYTHON=python3.12"; exit 2; }
	@echo "installing into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.train: setup.cfg pyproject.toml | $(RUN)
	@$(RUN) -m pip install -q --disable-pip-version-check -e ".[train]"
	@touch $@

$(VENV)/.dev: setup.cfg pyproject.toml | $(RUN)
	@$(RUN) -m pip install -q --disable-pip-version-check -e ".[train,video,dev]"
	@touch $@ $(VENV)/.train

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
