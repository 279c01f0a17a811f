# make demo   train, evaluate, export and draw; four to five minutes on two cores
# make test   lint, check types and run the tests; fetches a Chromium for the page's tests
# make quick  the same without the slow tests and the browser
# make page   write a digit in the browser, see it read and written again
# make docs   the documents as a site, out/site/index.html
# make bench  measure speed
# make soak   ten minutes of crowds, slow clients, bombs, flipped bits and kills

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: demo test quick bench soak page docs lint browser clean

demo: $(VENV)/.train
	$(RUN) -m scripts.demo

test: lint browser
	$(RUN) -m pytest

quick: lint
	$(RUN) -m pytest -m "not slow"

page: $(VENV)/.train
	$(RUN) -m scripts.serve

# The system's Chromium; else Debian's, where this may install it; else Playwright's own.
browser: $(VENV)/.dev
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
		|| command -v chrome >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
			&& echo "installing chromium ..." && apt-get -qq update >/dev/null \
			&& apt-get -qq install -y chromium >/dev/null 2>&1; } \
		|| $(RUN) -m playwright install chromium \
		|| echo "no Chromium to be had: the page's tests will be skipped"

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

docs: $(VENV)/.dev
	$(RUN) -m sphinx -q -W --keep-going -c docs . out/site

bench: $(VENV)/.train
	$(RUN) -m scripts.bench --json out/bench.json

soak: $(VENV)/.dev
	$(RUN) -m tests.soak --json out/soak.json

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "error: $(PYTHON) is older than 3.11; give another: make PYTHON=python3.12"; exit 2; }
	@echo "installing into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.train: setup.cfg pyproject.toml | $(RUN)
	@$(RUN) -m pip install -q --disable-pip-version-check -e ".[train,page]"
	@touch $@

$(VENV)/.dev: setup.cfg pyproject.toml | $(RUN)
	@$(RUN) -m pip install -q --disable-pip-version-check -e ".[train,page,video,dev]"
	@touch $@ $(VENV)/.train

clean:
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
